declare const brand: unique symbol;

/** `Base` that only a parser of this room can make: a plain string or number is not assignable to it. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
