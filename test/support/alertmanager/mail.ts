import { createServer, type Server, type Socket } from 'node:net';

/** A mail as a server gets it. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** Who sent it, as said by AUTH PLAIN. */
  readonly user?: string;
  readonly password?: string;
  /** Headers and body. */
  readonly text: string;
}

/** A mail server on this machine that keeps what it gets: as much of SMTP as a client of Go speaks (RFC 5321, RFC 4954). */
export class MailSink {
  static async start(): Promise<MailSink> {
    const sink = new MailSink();
    await new Promise<void>((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  readonly mails: Mail[] = [];
  private readonly server: Server = createServer((socket) => this.talk(socket));

  get address(): string {
    return `127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private talk(socket: Socket): void {
    let unread = '';
    let begun: { from?: string; to: string[]; user?: string; password?: string; text?: string } = { to: [] };
    const say = (line: string) => socket.write(`${line}\r\n`);
    const line = (text: string) => {
      if (begun.text !== undefined) {
        if (text !== '.') { begun.text += `${text.replace(/^\./, '')}\n`; return; }
        this.mails.push(begun as Mail);
        begun = { to: [], user: begun.user, password: begun.password };
        return say('250 kept');
      }
      const [, from] = /^MAIL FROM:<(.*?)>/i.exec(text) ?? [];
      const [, to] = /^RCPT TO:<(.*?)>/i.exec(text) ?? [];
      const [, plain] = /^AUTH PLAIN (.*)/i.exec(text) ?? [];
      if (/^EHLO/i.test(text)) { say('250-sink'); return say('250 AUTH PLAIN'); }
      if (plain !== undefined) { [, begun.user, begun.password] = Buffer.from(plain, 'base64').toString().split('\0'); return say('235 welcome'); }
      if (from !== undefined) { begun.from = from; return say('250 ok'); }
      if (to !== undefined) { begun.to.push(to); return say('250 ok'); }
      if (/^DATA/i.test(text)) { begun.text = ''; return say('354 go on'); }
      if (/^QUIT/i.test(text)) { say('221 bye'); return socket.end(); }
      return say('502 not known');
    };
    say('220 sink');
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      const lines = (unread + chunk).split('\r\n');
      unread = lines.pop()!;
      for (const one of lines) line(one);
    });
  }
}
