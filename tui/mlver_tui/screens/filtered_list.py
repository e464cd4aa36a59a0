"""A list of versions narrowed by a filter: asked while it is typed, and again when something it is about changed."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on, work
from textual.widgets import Input
from textual.worker import get_current_worker

from mlver.errors import FilterInvalid, MlverError
from mlver.model.filtering import Around, Completion, Narrowed
from mlver.model.version import VersionRow
from mlver_tui.messages import CoreFailed, FilterAnswered, ParamNamesRead
from mlver_tui.screens.detailed_list import DetailedList
from mlver_tui.view_models.filter_prompt import (
    choices_line,
    mistake_line,
    names_params,
    problem_of,
    prompt_line,
    unread_line,
)
from mlver_tui.view_models.spans import Line
from mlver_tui.widgets.filter_line import FilterLine

_SIGNS = ":=<>!"
"""A field is followed by one of these."""


class FilteredList(DetailedList, inherit_bindings=False):
    """A screen with a list of versions and a line for a filter.

    A filter that cannot be read leaves the last good result standing. One that the rows alone cannot answer is answered
    by a worker; until then what passed before still does.
    """

    def __init__(self) -> None:
        super().__init__()
        self._all_rows: Sequence[VersionRow] = ()
        self._wanted = ""
        """The last filter that could be read; a worker may be about to answer it."""
        self._words = ""
        """The filter that the rows shown are the answer to."""
        self.kept_words = ""
        """The filter that was last gone to the list with."""
        self._narrowed = Narrowed(())
        self._mistake: MlverError | None = None
        self._choices: Sequence[str] | None = None
        """What the last word may become; None: nobody asked, or there is one."""
        self._completed = ""
        """What tab made of the line."""
        self._params: tuple[str, ...] | None = None

    @property
    def filter_line(self) -> FilterLine:
        """Where the filter is typed."""
        return self.query_one(FilterLine)

    def show_rows(self) -> None:
        """Show the rows that pass."""
        raise NotImplementedError

    # Act.

    def do_filter(self) -> None:
        self.is_prompting = True
        self.filter_line.begin(self.explorer.filters)
        self.show_footer()
        self._prepare()

    def leave_filter(self) -> None:
        """Give the keys back to the list."""
        self.is_prompting = False
        self.list.focus()
        self.show_footer()

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        if event.value != self._completed:
            self._choices = None
        if not self._may_become_a_field(event.value):
            self._ask(event.value)

    @on(Input.Submitted, "#filter")
    def _keep_filter(self, event: Input.Submitted) -> None:
        """To the list; with a mistake in it, what is typed is not what is shown, so the line keeps the keys."""
        self._ask(event.value)
        if self._mistake is None:
            self.explorer.remember_filter(self._wanted)
            self.keep_words(self._wanted)
            self.leave_filter()

    def keep_words(self, words: str) -> None:
        """These are filtered for from now on, no longer only tried."""
        before, self.kept_words = self.kept_words, words
        if before != words:
            self.filter_changed(before, words)

    def filter_changed(self, before: str, words: str) -> None:
        """Another filter than before was settled upon; nothing, where one was taken away."""

    def restore_words(self, words: str) -> None:
        """Filter as was filtered before."""
        self.kept_words = words
        self.ask_again(words)

    def ask_again(self, words: str) -> None:
        """Put words into the line and ask them, once."""
        with self.filter_line.prevent(Input.Changed):
            self.filter_line.value = words
        self._ask(words)

    @on(FilterLine.CompletionWanted)
    def _complete(self, event: FilterLine.CompletionWanted) -> None:
        if self._params is None and names_params(event.typed):
            self._read_param_names()
            return
        completion = self.completed(event.typed)
        self._choices = completion.choices if len(completion.choices) != 1 else None
        self.filter_line.complete(completion)
        self._completed = self.filter_line.value
        self.show_footer()

    def want_params(self) -> None:
        """The names of the params will be asked for; they are read once."""
        if self._params is None and not any(one.group == "params" for one in self.workers):
            self._read_param_names()

    def completed(self, typed: str) -> Completion:
        """What the last word of a filter may become."""
        return self.explorer.project.filters.completion(typed, self._all_rows, params=self._params or ())

    def look_again(self) -> None:
        """Ask the filter again: what it is about has changed."""
        self._ask(self._wanted)

    def look_again_at_marks(self) -> None:
        """Marks have changed, which a filter may be about."""
        if "marked" in self._wanted:
            self.look_again()

    def _ask(self, words: str) -> None:
        filters, rows = self.explorer.project.filters, self._all_rows
        try:
            if not words.strip():
                self._take_answer("", Narrowed(tuple(rows)))
            elif filters.is_quick(words, len(rows)):
                self._take_answer(words, filters.matching(rows, words, self._around()))
            else:
                self._wanted = words
                self._carry_over()
                self._answer(words, rows, self._around())
        except FilterInvalid as error:
            self._carry_over()
            self._refuse(error)

    def _may_become_a_field(self, words: str) -> bool:
        """A word that begins like a field narrows nothing before it is one, or is gone to the list with.

        Until then the rows are those of what stands before it: none has the word `metric.acc`, and few have `me`.
        """
        completion = self.completed(words)
        word, before = words[completion.start :], words[: completion.start].rstrip("- ")
        may_be_param = self._params is None and names_params(words)
        if not word or not (completion.choices or may_be_param) or any(sign in word for sign in _SIGNS):
            return False
        if before != self._wanted.strip():
            self._ask(before)
        self._forget_mistake()
        self._choices, self._completed = completion.choices or None, words
        self.show_footer()
        return True

    def _around(self) -> Around:
        marked = frozenset(map(str, self.list.marks))
        return Around(now=self.now, find=self._by_key.get, base=self._base_row, marked=marked)

    def _carry_over(self) -> None:
        """What passed still does, of other rows too, until there is an answer."""
        keys = {row.key for row in self._narrowed.rows}
        rows = tuple(row for row in self._all_rows if row.key in keys)
        self._narrowed = Narrowed(rows, self._narrowed.unread)
        self.show_rows()

    # Work.

    @work(thread=True, group="grammar")
    def _prepare(self) -> None:
        """Meanwhile, so that the first key waits for nothing."""
        self.explorer.project.filters.prepare(self._all_rows)

    @work(thread=True, exclusive=True, group="filter", description="filter")  # else its arguments are written out
    def _answer(self, words: str, rows: Sequence[VersionRow], around: Around) -> None:
        worker, filters = get_current_worker(), self.explorer.project.filters
        self.ask_core(
            "filter the versions",
            lambda: filters.matching(rows, words, around, should_stop=lambda: worker.is_cancelled),
            lambda narrowed: self.post_message(FilterAnswered(words, rows, narrowed)),
            about="filter",
        )

    @on(FilterAnswered)
    def _answered(self, message: FilterAnswered) -> None:
        if message.words == self._wanted and message.rows is self._all_rows:
            self._take_answer(message.words, message.narrowed)

    @on(CoreFailed)
    def _filter_failed(self, message: CoreFailed) -> None:
        if message.about == "filter":
            self._refuse(message.error)

    @work(thread=True, exclusive=True, group="params")
    def _read_param_names(self) -> None:
        filters, rows = self.explorer.project.filters, self._all_rows
        self.ask_core(
            "read the names of params",
            lambda: filters.param_names(rows),
            lambda names: self.post_message(ParamNamesRead(names)),
            about="filter",
        )

    @on(ParamNamesRead)
    def _param_names_read(self, message: ParamNamesRead) -> None:
        self._params = message.names
        if self.is_prompting:
            self.filter_line.action_complete()

    # Show.

    def _take_answer(self, words: str, narrowed: Narrowed) -> None:
        self.workers.cancel_group(self, "filter")
        self._wanted = self._words = words
        self._narrowed = narrowed
        if words.strip() == self.filter_line.value.strip():  # else there is still a mistake in what is being typed
            self._forget_mistake()
        self.show_rows()

    def _forget_mistake(self) -> None:
        self._mistake = None
        self.filter_line.underline(None)

    def _refuse(self, error: MlverError) -> None:
        self._wanted, self._mistake = self._words, error
        self.filter_line.underline((error.start, error.end) if isinstance(error, FilterInvalid) else None)
        self.show_footer()
        if not self.is_prompting:
            said = self.glyphs.data(problem_of(error))
            self.notify(f"the filter was not asked: {said}", severity="warning", markup=False)

    def show_footer(self) -> None:
        if self.is_prompting:
            self.pane("#footer").show(lambda width: [self._prompt(width)])
        else:
            super().show_footer()

    def _prompt(self, width: int) -> Line:
        if self._choices is not None:
            return choices_line(self._choices, width, self.glyphs)
        if self._mistake is not None:
            return mistake_line(self._mistake, width, self.glyphs)
        return unread_line(self._narrowed.unread, width) if self._narrowed.unread else prompt_line(width)
