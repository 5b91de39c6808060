/** Shells that have a completion script. */
export const shells = ["bash", "zsh", "fish"] as const;

/** The script for a shell: it asks `netloom __complete` what may come next, so it never grows old. */
export function completionScript(shell: (typeof shells)[number]): string {
  return scripts[shell];
}

// `__complete` answers nothing where files are meant, and the shell completes those.
const scripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `# bash completion for netloom: netloom completion bash
_netloom() {
  local IFS=$'\\n' line="\${COMP_LINE:0:COMP_POINT}" words
  # bash splits words at ":" and "="; split at blanks, as the command will see them
  read -r -d '' -a words < <(IFS=$' \\t'; printf '%s\\n' $line; printf '\\0')
  local current=""
  [[ $line == *[[:blank:]] ]] || { current="\${words[-1]}"; unset 'words[-1]'; }
  COMPREPLY=($(compgen -W "$(netloom __complete -- "\${words[@]:1}" "$current" 2>/dev/null)" -- "$current"))
  # bash replaces only what stands after the last "="
  [[ $current == --*=* && $COMP_WORDBREAKS == *=* ]] && COMPREPLY=("\${COMPREPLY[@]#\${current%%=*}=}")
}
complete -o default -F _netloom netloom
`,
  zsh: `#compdef netloom
# zsh completion for netloom: netloom completion zsh
_netloom() {
  local -a found
  found=("\${(@f)$(netloom __complete -- "\${words[@]:1:$((CURRENT - 2))}" "\${words[CURRENT]}" 2>/dev/null)}")
  found=("\${(@)found:#}")
  if (( \${#found} )); then compadd -- "\${found[@]}"; else _files; fi
}
if [ "\${funcstack[1]}" = _netloom ]; then _netloom "$@"; else compdef _netloom netloom; fi
`,
  fish: `# fish completion for netloom: netloom completion fish
function __netloom_complete
  set -l words (commandline -opc)
  set -l found (netloom __complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
# -f: files only where netloom has no answer
complete -c netloom -f -a '(__netloom_complete)'
`,
};
