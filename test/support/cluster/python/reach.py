"""reach.py HOST:PORT..: waits until each address takes a connection, a minute at most. Every attempt is a short connection of its own: a Service
that leads nowhere refuses only some, as the kernel tells few refusals a second, and the first packet of the others is sent again seconds later.
"""
import socket
import sys
import time

end = time.monotonic() + 60
for address in sys.argv[1:]:
    host, port = address.rsplit(":", 1)
    while True:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            break
        except OSError as error:
            if time.monotonic() > end:
                sys.exit(f"{address} takes no connection: {error}")
            time.sleep(0.1)
