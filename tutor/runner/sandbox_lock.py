"""Takes away from the process that calls it what a learner's program has no need of.

A plain script: it imports nothing of the tutor and is copied into the sandbox's own folder. Each function
says whether it worked; the parent tells the learner what is missing.

Sources: man 7 landlock (access bits by ABI), man 2 seccomp, linux/filter.h, linux/audit.h, and the tables of
system call numbers of x86-64 and of arm64 (asm/unistd.h).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MB = 1024 * 1024
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAPBSET_DROP = 24
_LAST_CAPABILITY = 40

# --- limits of resources ---------------------------------------------------------------------


def limit(memory_mb: int, cpu_s: int, file_mb: int, files: int) -> list[str]:
    """Set limits, counted from what the process uses already; returns the names of those that were set."""
    try:
        import resource
    except ImportError:  # Windows
        return []
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    wanted = {
        "RLIMIT_CPU": (spent + cpu_s, spent + cpu_s + 1),
        "RLIMIT_AS": (_address_space() + memory_mb * MB,) * 2,
        "RLIMIT_FSIZE": (file_mb * MB,) * 2,
        "RLIMIT_NOFILE": (files,) * 2,
        "RLIMIT_NPROC": (0, 0),
        "RLIMIT_CORE": (0, 0),
    }
    done = []
    for name, pair in wanted.items():
        try:
            resource.setrlimit(getattr(resource, name), pair)
        except (AttributeError, OSError, ValueError):
            continue
        done.append(name.removeprefix("RLIMIT_").lower())
    return done


def _address_space() -> int:
    """Bytes of address space in use; where the system does not say, as much as PyTorch takes."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 4096 * MB


# --- Landlock: which files -------------------------------------------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same number on every architecture
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS = 1 << 0 | 1 << 1 | _READ_FILE | 1 << 14
"""Execute, write, read, truncate: what a rule on a file, not a folder, may name."""


def landlock_abi() -> int:
    """The version of Landlock that the kernel offers; 0: none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)))


def landlock(readable: Iterable[str], listable: Iterable[str], writable: Iterable[str]) -> bool:
    """Leave only these files: to be read, folders to be listed, folders to be written in.

    From ABI 4 on TCP is closed as well, from 6 on signals to other processes.
    """
    abi = landlock_abi()
    if not abi:
        return False
    rights = (1 << {1: 13, 2: 14}.get(abi, 15 if abi < 5 else 16)) - 1
    network, scopes = (3 if abi >= 4 else 0), (3 if abi >= 6 else 0)
    attributes = struct.pack("=QQQ", rights, network, scopes)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    rules = int(_libc().syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0))
    if rules < 0:
        return False
    try:
        for paths, allowed in (
            (readable, _READ_FILE | _READ_DIR),
            (listable, _READ_DIR),
            (writable, rights & ~1),
        ):
            for path in paths:
                _allow(rules, path, allowed & rights)
        return _no_new_privileges() and _libc().syscall(_RESTRICT_SELF, rules, 0) == 0
    finally:
        os.close(rules)


def _allow(rules: int, path: str, allowed: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no leave
    if not Path(path).is_dir():
        allowed &= _FILE_RIGHTS
    _libc().syscall(_ADD_RULE, rules, 1, struct.pack("=Qi", allowed, place), 0)
    os.close(place)


# --- seccomp: which calls of the kernel --------------------------------------------------------

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""The kernel's mark of an architecture, and its column in the tables below."""

_NEVER: dict[str, tuple[int | None, int | None]] = {
    # processes
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    "setsid": (112, 157), "setpgid": (109, 154), "setpriority": (141, 140), "tkill": (200, 130),
    # the network, and what else reaches other processes
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200),
    "listen": (50, 201), "accept": (43, 202), "sendto": (44, 206), "io_uring_setup": (425, 425),
    "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # what Landlock leaves open: the marks of files
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "open_by_handle_at": (304, 265),
    # the system
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsmount": (432, 432),
    "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268), "swapon": (167, 224),
    "swapoff": (168, 225), "reboot": (169, 142), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, None), "ioperm": (173, None), "init_module": (175, 105), "delete_module": (176, 106),
    "finit_module": (313, 273), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "quotactl": (179, 60), "acct": (163, 89), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "bpf": (321, 280), "userfaultfd": (323, 282), "perf_event_open": (298, 241),
}  # fmt: skip
_ONLY_ITSELF = {"kill": (62, 129), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
                "rt_tgsigqueueinfo": (297, 240)}  # fmt: skip
"""Calls whose first argument is a process."""
_ITSELF_AS_ZERO = {"prlimit64": (302, 261), "sched_setscheduler": (144, 119), "sched_setaffinity": (203, 122)}
"""The same; 0 is the caller."""
_CLONE, _CLONE3 = (56, 220), 435
_CLONE_THREAD = 0x10000
_LOAD, _EQUAL, _ABOVE, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _NO_SUCH_CALL = 0x7FFF0000, 0x00050001, 0x00050026
_NUMBER, _MARK, _FIRST_ARGUMENT = 0, 4, 16
"""Offsets in struct seccomp_data; the low half of an argument comes first on both architectures."""
_PR_SET_SECCOMP, _SET_MODE_FILTER, _ALL_THREADS = (317, 277), 1, 1


def seccomp() -> bool:
    """Refuse new processes, programs, the network, signals to others, and what changes the system."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None or not sys.platform.startswith("linux") or not _no_new_privileges():
        return False
    program = _filter(known[0], known[1], os.getpid())
    code = ctypes.create_string_buffer(program)
    fprog = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    call = _PR_SET_SECCOMP[known[1]]
    return bool(_libc().syscall(call, _SET_MODE_FILTER, _ALL_THREADS, ctypes.c_char_p(fprog)) == 0)


def _filter(mark: int, column: int, pid: int) -> bytes:
    """The program that the kernel runs before each call, in classic BPF."""
    steps = [(_LOAD, 0, 0, _MARK), (_EQUAL, 1, 0, mark), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, _NUMBER)]
    if column == 0:  # the second numbering of x86-64 would get round all that follows
        steps += [(_ABOVE, 0, 1, 0x40000000), (_RETURN, 0, 0, _REFUSE)]
    for numbers in _NEVER.values():
        if (number := numbers[column]) is not None:
            steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    steps += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _NO_SUCH_CALL)]
    steps += _where(_CLONE[column], _ANY_BIT, _CLONE_THREAD)
    for numbers in _ONLY_ITSELF.values():
        steps += _where(numbers[column], _EQUAL, pid)
    for numbers in _ITSELF_AS_ZERO.values():
        steps += _where(numbers[column], _EQUAL, 0, pid)
    steps += [(_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _where(number: int, test: int, *values: int) -> list[tuple[int, int, int, int]]:
    """Allow one call if its first argument passes the test with one of the values, else refuse it."""
    tests = [(test, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [
        (_EQUAL, 0, len(tests) + 3, number),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        *tests,
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]


# --- the rights of root ------------------------------------------------------------------------


def drop_capabilities() -> bool:
    """Give up what root may do beyond everybody else: lifting its own limits is part of that."""
    numbers = {"x86_64": 126, "aarch64": 91}
    if not sys.platform.startswith("linux") or platform.machine() not in numbers:
        return False
    for capability in range(_LAST_CAPABILITY + 1):
        _libc().prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header, nothing = struct.pack("=Ii", 0x20080522, 0), bytes(24)
    return bool(_libc().syscall(numbers[platform.machine()], header, nothing) == 0)


def _no_new_privileges() -> bool:
    return bool(_libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)
