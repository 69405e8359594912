/** The part of the npm package `osc` that is used; its main file would load serial ports and sockets as well. */
declare module 'osc/src/osc.js' {
  interface TypedArg {
    readonly type: string;
    readonly value?: unknown;
  }
  interface TimeTag {
    readonly raw: readonly [seconds: number, fraction: number];
    /** Milliseconds since 1970. */
    readonly native: number;
  }
  interface OscMessage {
    readonly address: string;
    readonly args: readonly (TypedArg | readonly TypedArg[])[];
  }
  interface OscBundle {
    readonly timeTag: TimeTag;
    readonly packets: readonly (OscMessage | OscBundle)[];
  }
  interface Options {
    readonly metadata?: boolean;
    readonly unpackSingleArgs?: boolean;
  }
  const osc: {
    readPacket(bytes: Uint8Array, options: Options): OscMessage | OscBundle;
    writePacket(packet: OscMessage, options: Options): Uint8Array;
  };
  export default osc;
}
