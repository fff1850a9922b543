// What Swift cannot call of libedit itself: el_set() and history() take variable arguments.
// See editline(3) for what each operation means.
#pragma once

#include <histedit.h>
#include <stdbool.h>

/// An editor on this process's standard streams, in the user's locale; NULL if the terminal cannot edit.
EditLine *_Nullable vesper_el_init(const char *_Nonnull program, void *_Nonnull client_data);
void *_Nonnull vesper_el_client_data(EditLine *_Nonnull editor);
void vesper_el_set_prompt(EditLine *_Nonnull editor, char *_Nonnull (*_Nonnull prompt)(EditLine *_Nonnull));
void vesper_el_set_history(EditLine *_Nonnull editor, History *_Nonnull history);
/// Names `function`, and binds the key (written as in editrc(5)) to it.
void vesper_el_bind(EditLine *_Nonnull editor, const char *_Nonnull key, const char *_Nonnull name,
                    unsigned char (*_Nonnull function)(EditLine *_Nonnull, int));
/// Reads the user's editrc(5).
void vesper_el_source(EditLine *_Nonnull editor);
void vesper_el_refresh(EditLine *_Nonnull editor);
/// Lets keys come singly, Ctrl-C as one like others. To be called before the prompt is written, which libedit does
/// while the terminal still takes lines: a Ctrl-D typed at that moment would be lost.
void vesper_el_prepare(EditLine *_Nonnull editor);
/// Reads keys by a function of ours.
///
/// It calls `idle` with the client data every `milliseconds` in which no key was pressed; if that returns false,
/// the input ends.
void vesper_el_set_idle(EditLine *_Nonnull editor, int milliseconds, bool (*_Nonnull idle)(void *_Nonnull));

void vesper_history_set_size(History *_Nonnull history, int lines);
void vesper_history_enter(History *_Nonnull history, const char *_Nonnull line);
/// Both return the number of lines, or -1.
int vesper_history_load(History *_Nonnull history, const char *_Nonnull path);
int vesper_history_save(History *_Nonnull history, const char *_Nonnull path);
