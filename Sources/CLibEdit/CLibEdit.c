#include "CLibEdit.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

// One terminal a process: libedit hands its client data, and no more, to the reading function.
static int idle_milliseconds = -1;
static bool (*idle_function)(void *);

EditLine *vesper_el_init(const char *program, void *client_data) {
  setlocale(LC_CTYPE, "");
  EditLine *editor = el_init(program, stdin, stdout, stderr);
  if (editor != NULL) {
    el_set(editor, EL_CLIENTDATA, client_data);
    el_set(editor, EL_EDITOR, "emacs");
  }
  return editor;
}

void *vesper_el_client_data(EditLine *editor) {
  void *data = NULL;
  el_get(editor, EL_CLIENTDATA, &data);
  return data;
}

void vesper_el_set_prompt(EditLine *editor, char *(*prompt)(EditLine *)) {
  // The escape character brackets what takes no room on the screen, such as colours.
  el_set(editor, EL_PROMPT_ESC, prompt, '\1');
}

void vesper_el_set_history(EditLine *editor, History *list) {
  el_set(editor, EL_HIST, history, list);
}

void vesper_el_bind(EditLine *editor, const char *key, const char *name,
                    unsigned char (*function)(EditLine *, int)) {
  el_set(editor, EL_ADDFN, name, name, function);
  el_set(editor, EL_BIND, key, name, NULL);
}

void vesper_el_source(EditLine *editor) { el_source(editor, NULL); }

void vesper_el_refresh(EditLine *editor) { el_set(editor, EL_REFRESH); }

void vesper_el_prepare(EditLine *editor) {
  el_set(editor, EL_PREP_TERM, 1);
  // EL_SETTY could do this, but libedit takes it back at the next line.
  struct termios settings;
  if (tcgetattr(STDIN_FILENO, &settings) != 0) return;
  settings.c_cc[VINTR] = _POSIX_VDISABLE;
  tcsetattr(STDIN_FILENO, TCSANOW, &settings);
}

static int read_key(EditLine *editor, wchar_t *key) {
  mbstate_t state;
  memset(&state, 0, sizeof state);
  for (;;) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready = poll(&input, 1, idle_milliseconds);
    if (ready == 0) {
      if (!idle_function(vesper_el_client_data(editor))) return 0;
      continue;
    }
    char byte;
    ssize_t count = ready < 0 ? -1 : read(STDIN_FILENO, &byte, 1);
    if (count == 0) return 0;
    if (count < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      return -1;
    }
    size_t length = mbrtowc(key, &byte, 1, &state);
    if (length == (size_t)-2) continue;
    if (length != (size_t)-1) return 1;
    memset(&state, 0, sizeof state);
  }
}

void vesper_el_set_idle(EditLine *editor, int milliseconds, bool (*idle)(void *)) {
  idle_milliseconds = milliseconds;
  idle_function = idle;
  el_set(editor, EL_GETCFN, read_key);
}

void vesper_history_set_size(History *list, int lines) {
  HistEvent event;
  history(list, &event, H_SETSIZE, lines);
  history(list, &event, H_SETUNIQUE, 1);
}

void vesper_history_enter(History *list, const char *line) {
  HistEvent event;
  history(list, &event, H_ENTER, line);
}

int vesper_history_load(History *list, const char *path) {
  HistEvent event;
  return history(list, &event, H_LOAD, path);
}

int vesper_history_save(History *list, const char *path) {
  HistEvent event;
  return history(list, &event, H_SAVE, path);
}
