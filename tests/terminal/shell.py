"""A shell with one job, to see how the program stops and goes on.

It says what became of the job in lines of its own, and takes `fg`, `bg` and `bye` for commands.
"""

import os
import signal
import sys
import termios


def main() -> None:
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    attributes = termios.tcgetattr(0)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - that is what a shell does
    attended = True
    while attended:
        _, status = os.waitpid(job, os.WUNTRACED)
        os.tcsetpgrp(0, os.getpgrp())
        if not os.WIFSTOPPED(status):
            print(f"job {job} ended with {os.waitstatus_to_exitcode(status)}", flush=True)
            return
        # Like every shell, it wants the terminal as it was, whatever the job left.
        termios.tcsetattr(0, termios.TCSADRAIN, attributes)
        print(f"job {job} stopped", flush=True)
        attended = obeyed(job)


def obeyed(job: int) -> bool:
    """Take a command; return whether the job is to be waited for."""
    word = sys.stdin.readline().strip()
    if word == "bye":
        return False
    if word == "fg":
        os.tcsetpgrp(0, job)
    os.kill(-job, signal.SIGCONT)
    return True


if __name__ == "__main__":
    main()
