/** For tsc: what the transform and the build's --use flags define. */

/** One f32, or four side by side: the build decides. */
declare type lane = number;
/** What comparing lanes gives. */
declare type mask = boolean;
/** One i32, or four side by side. */
declare type word = number;
/** The struct at `address`, its fields in locals; what the block changes is written back at its end. */
declare function held<T>(address: usize): T;
/** The same value in every lane; numbers with a point become this by themselves. */
declare function splat(x: f32): lane;
