"""Imports modules with TFMOT blocked and writes down what happened; run by path, alone in an interpreter.

Usage: python -I -B importer.py EVENTS.json ORDER.json

This process loads TensorFlow and runs nothing of the tree. What is tested runs in children that are forked
from it: one for all modules, one for each that fails in company, one for each experiment. So a module that
ends, hangs or breaks its interpreter ends, hangs or breaks a child, and is named.
"""

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import resource
import select
import signal
import sys
import time
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

Event = dict[str, Any]

TFMOT = "tensorflow_model_optimization"
SHAPE = {"kind": str, "module": str, "path": str, "line": int, "detail": str}
FAILURES = ("missing", "failed", "broken")
LONGEST = 300  # characters of what an error says
MOST_EVENTS = 20_000
MOST_BYTES = 2**16  # of an event
LARGEST_FILE = 2**26
MOST_PROCESSES = 4096
MOST_STAND_INS = 10
NETWORK = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
PROGRAMS = ("os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "os.fork", "os.forkpty")
FILES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.truncate")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
SECRET = ("TOKEN", "SECRET", "PASSWORD", "CREDENTIAL", "API_KEY")
LIBRARY = str(Path(os.__file__).parent)


class Blocker(importlib.abc.MetaPathFinder):
    """Refuses TFMOT as though it were not installed, and says who asked for it."""

    def __init__(self, child: "Child") -> None:
        self.child = child

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Finds nothing, and refuses TFMOT."""
        if name.partition(".")[0] == TFMOT:
            self.child.say("asked", *self.child.place(), detail=name)
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives an empty module for each of some packages that are not installed."""

    def __init__(self, packages: Iterable[str]) -> None:
        self.packages = frozenset(packages)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Finds the packages and all that is in them."""
        known = name.partition(".")[0] in self.packages
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if known else None

    def create_module(self, spec: Any) -> Any:
        """Makes one that has every name."""
        return mock.MagicMock(name=spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Has nothing to run."""


class Child:
    """What happens in a process that runs code of the tree."""

    def __init__(self, write: int, root: str, *, isolated: bool) -> None:
        self.write, self.root, self.isolated = write, root + os.sep, isolated
        self.module, self.pid, self.busy = "", os.getpid(), False

    def say(self, kind: str, path: str = "", line: int = 0, *, detail: str = "") -> None:
        """Tells the parent."""
        os.write(self.write, json.dumps(_event(kind, self.module, path, line, detail)).encode() + b"\n")

    def place(self, *, nearest: bool = False) -> tuple[str, int]:
        """The innermost line of the tree on the stack; none, with `nearest`, if a library lies between."""
        frame: types.FrameType | None = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith(self.root):
                return name[len(self.root) :], frame.f_lineno
            standard = name == __file__ or name.startswith("<frozen")
            standard = standard or (name.startswith(LIBRARY) and "-packages" not in name)
            if nearest and not standard:
                break
            frame = frame.f_back
        return "", 0

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        """The audit hook: what the tree does besides defining things."""
        if self.busy or not self.module:
            return
        if event in NETWORK:
            self.tell("network", event)
            if not self.isolated:
                raise PermissionError("there is no network here")
        elif event in PROGRAMS:
            self.tell("program", event, nearest=True)
        elif (event in FILES or (event == "open" and (args[2] or 0) & WRITING)) and str(
            args[0]
        ) != os.devnull:
            self.tell("file", str(args[0]).removeprefix(self.root), nearest=True)

    def tell(self, kind: str, detail: str, *, nearest: bool = False) -> None:
        """Says what was done, if the tree did it."""
        path, line = self.place(nearest=nearest)
        if path:
            self.busy = True
            self.say(kind, path, line, detail=detail)
            self.busy = False

    def prepare(self, stand_ins: Sequence[str]) -> None:
        """Makes this process one in which the tree can be imported, and TFMOT cannot."""
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        for limit, most in _limits().items():
            resource.setrlimit(limit, (most, most))
        sys.dont_write_bytecode = True
        sys.path.insert(0, self.root.rstrip(os.sep))
        sys.argv[:] = [sys.argv[0]]
        sys.meta_path.insert(0, Blocker(self))
        if stand_ins:
            sys.meta_path.append(StandIn(stand_ins))
        os.environ.__class__ = _watched(self)
        sys.addaudithook(self.hear)

    def modules(self, names: Iterable[str]) -> None:
        """Imports one after the other."""
        for name in names:
            self.attempt(name, partial(importlib.import_module, name))
            if TFMOT in sys.modules:
                self.say("asked", detail=TFMOT)
                del sys.modules[TFMOT]

    def experiment(self, name: str, modules: Sequence[str]) -> None:
        """Makes the experiment's config, task and model, as for a user who sets no option."""
        self.attempt(name, partial(_build, name, modules))

    def attempt(self, name: str, action: Callable[[], Any]) -> None:
        """Does it, and tells what came of it."""
        self.module = name
        self.say("begin")
        try:
            action()
        except BaseException as error:
            self.fail(error)
        if os.getpid() != self.pid:
            os._exit(0)  # the tree has forked, and this is the copy
        self.say("end")

    def fail(self, error: BaseException) -> None:
        """Tells where in the tree it failed, and whether the fault is the tree's own."""
        path, line, last, trace = "", 0, "", error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            last = last if name.startswith("<frozen") else name
            if name.startswith(self.root):
                path, line = name[len(self.root) :], trace.tb_lineno
            trace = trace.tb_next
        missing = str(getattr(error, "name", "") or "") if isinstance(error, ModuleNotFoundError) else ""
        kind = "missing" if missing else "failed" if last.startswith(self.root) else "broken"
        self.say(kind, path, line, detail=missing or f"{type(error).__name__}: {error}")


def _limits() -> dict[int, int]:
    """What a process may take at most: of memory, beside what it has, half of the machine's."""
    page = os.sysconf("SC_PAGE_SIZE")
    mapped = int(Path("/proc/self/statm").read_text().split()[0])
    hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    return {
        resource.RLIMIT_AS: page * (mapped + os.sysconf("SC_PHYS_PAGES") // 2),
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: LARGEST_FILE,
        resource.RLIMIT_NPROC: MOST_PROCESSES
        if hard == resource.RLIM_INFINITY
        else min(hard, MOST_PROCESSES),
    }


def _event(kind: str, module: str = "", path: str = "", line: int = 0, detail: str = "") -> Event:
    return {"kind": kind, "module": module, "path": path, "line": line, "detail": detail[:LONGEST]}


def _build(name: str, modules: Sequence[str]) -> None:
    for module in modules:
        importlib.import_module(module)
    exp_factory = importlib.import_module("official.core.exp_factory")
    task_factory = importlib.import_module("official.core.task_factory")
    task_factory.get_task(exp_factory.get_exp_config(name).task).build_model()


def _watched(child: Child) -> Any:
    """A kind of os.environ that says which secrets the tree asks for."""
    kind: Any = type(os.environ)

    class Watched(kind):  # type: ignore[misc]
        def __getitem__(self, key: str) -> Any:
            if any(word in str(key).upper() for word in SECRET):
                child.tell("secret", str(key), nearest=True)
            return super().__getitem__(key)

        def __iter__(self) -> Iterator[Any]:
            child.tell("secret", "all variables", nearest=True)
            return iter(super().__iter__())

    return Watched


class Parent:
    """Gives orders to children, one after the other, and collects what they say."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.order, self.events = order, list[Event]()
        self.ends = time.monotonic() + order["seconds"]

    def run(self) -> None:
        """Every module, every failure again alone, every experiment."""
        names, failed = list(self.order["modules"]), list[Event]()
        while names:
            seen, pending = self.child(partial(Child.modules, names=names))
            failed += [event for event in seen if event["kind"] in FAILURES]
            self.events += [event for event in seen if event["kind"] not in FAILURES]
            names = names[names.index(pending) + 1 :] if pending in names else []
        for event in failed:
            self.alone(event)
        broken = {event["module"] for event in failed}
        for name, modules in self.order["experiments"].items():
            if broken.intersection(modules):
                self.events.append(_event("blocked", name))
                continue
            self.events += self.child(partial(Child.experiment, name=name, modules=modules))[0]

    def alone(self, event: Event) -> None:
        """Tries a module in a process of its own, with stand-ins for libraries that are not here."""
        name, stand_ins = event["module"], list[str]()
        last = event if event["kind"] == "missing" else None
        while last is None or self.may_stand_in(last, stand_ins):
            stand_ins += [last["detail"].partition(".")[0]] if last else []
            seen, _ = self.child(partial(Child.modules, names=[name]), stand_ins)
            failures = [one for one in seen if one["kind"] in FAILURES]
            self.events += [one for one in seen if one["kind"] not in FAILURES]
            if not failures:
                self.events += (
                    [event | {"kind": "stand-in", "detail": ", ".join(stand_ins)}] if stand_ins else []
                )
                return
            last = failures[0]
        self.events.append(last)

    def may_stand_in(self, failure: Event, stand_ins: Sequence[str]) -> bool:
        """Whether it failed for want of a library that is neither TFMOT nor in the tree."""
        package = failure["detail"].partition(".")[0]
        known = {TFMOT, *self.order["tops"], *stand_ins}
        return failure["kind"] == "missing" and package not in known and len(stand_ins) < MOST_STAND_INS

    def child(self, work: Callable[[Child], None], stand_ins: Sequence[str] = ()) -> tuple[list[Event], str]:
        """What a child said, and the module with which it ended before its time, if it did."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                os.setsid()
                child = Child(writing, self.order["root"], isolated=self.order["isolated"])
                child.prepare(stand_ins)
                work(child)
                child.module = ""
                child.say("done")
            finally:
                os._exit(0)
        os.close(writing)
        events, current, why = self.listen(reading)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            os.killpg(pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(reading)
        if why == "done":
            return events, ""
        self.events.append(_event("ended", current, detail=why or f"status {status}"))
        return events, current

    def listen(self, reading: int) -> tuple[list[Event], str, str]:
        """Events until the end, the module that is being imported then, and why it is the end."""
        events, current, rest = list[Event](), "", b""
        limit = time.monotonic() + self.order["seconds_each"]
        while len(events) < MOST_EVENTS and len(rest) < MOST_BYTES:
            left = min(limit, self.ends) - time.monotonic()
            if left <= 0 or not select.select([reading], [], [], left)[0]:
                return events, current, "too slow"
            said = os.read(reading, MOST_BYTES)
            if not said:
                return events, current, ""
            *lines, rest = (rest + said).split(b"\n")
            for event in map(understood, lines):
                if event is None or event["kind"] == "done":
                    return events, current, "done" if event else "garbled"
                if event["kind"] == "begin":
                    current, limit = event["module"], time.monotonic() + self.order["seconds_each"]
                events.append(event)
        return events, current, "garbled"


def understood(line: bytes) -> Event | None:
    """An event as children send them; None for anything else."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or set(event) != set(SHAPE):
        return None
    return event if all(type(event[key]) is kind for key, kind in SHAPE.items()) else None


def main(out: Path, order: dict[str, Any]) -> None:
    """Loads what all need, runs the order, and writes once nothing else runs any more."""
    parent = Parent(order)
    try:
        for name in order["preload"]:
            importlib.import_module(name)
    except Exception as error:
        parent.events.append(_event("unready", detail=f"{type(error).__name__}: {error}"))
    else:
        parent.run()
        parent.events.append(_event("done"))
    if order["isolated"]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)  # whatever children left behind, in a process namespace of our own
    scratch = out.with_suffix(".new")
    scratch.unlink(missing_ok=True)
    scratch.write_text(json.dumps(parent.events))
    scratch.replace(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()))
