/* A codec in C: answers JSON requests on lines of standard input with JSON on lines of standard output. The requests come from
   `ace-oauth conformance`, which writes JSON without spaces, so that a template can do without a JSON library. */

#include <stdio.h>
#include <string.h>

enum result { OK, UNSUPPORTED, REFUSED };

/* Writes the JSON twin of a message to told. YOUR LIBRARY goes here. */
static enum result decode(const char *message, const char *hex, char *told, size_t size) {
  if (strcmp(message, "error-response") != 0 || strcmp(hex, "a1181e03") != 0) return UNSUPPORTED;
  snprintf(told, size, "{\"error\":\"invalid_grant\"}");
  return OK;
}

/* Writes the CBOR, in hex, of the message that a JSON twin stands for to told. YOUR LIBRARY goes here. */
static enum result encode(const char *message, const char *value, char *told, size_t size) {
  static const char twin[] = "{\"error\":\"invalid_grant\"}";
  if (strcmp(message, "error-response") != 0 || strncmp(value, twin, sizeof twin - 1) != 0) return UNSUPPORTED;
  snprintf(told, size, "a1181e03");
  return OK;
}

/* The text of a member; empty where it is absent or too long. */
static void text(const char *request, const char *name, char *out, size_t size) {
  char start[64];
  const char *at, *end;
  snprintf(start, sizeof start, "\"%s\":\"", name);
  out[0] = 0;
  if (!(at = strstr(request, start))) return;
  at += strlen(start);
  if (!(end = strchr(at, '"')) || (size_t)(end - at) >= size) return;
  memcpy(out, at, (size_t)(end - at));
  out[end - at] = 0;
}

int main(void) {
  static char request[1 << 20], hex[1 << 20], told[1 << 16];
  char id[64], op[64], message[64];
  while (fgets(request, sizeof request, stdin)) {
    enum result result = UNSUPPORTED;
    const char *value = strstr(request, "\"value\":");
    text(request, "id", id, sizeof id);
    text(request, "op", op, sizeof op);
    text(request, "message", message, sizeof message);
    if (strcmp(op, "describe") == 0) {
      printf("{\"id\":\"%s\",\"ok\":true,\"name\":\"my-library\",\"version\":\"0.0.0\",\"inputs\":[\"hex\"],\"deterministic\":false}\n", id);
      fflush(stdout);
      continue;
    }
    if (strcmp(op, "decode") == 0 && !strstr(request, "\"options\":")) {
      text(request, "hex", hex, sizeof hex);
      result = decode(message, hex, told, sizeof told);
      if (result == OK) printf("{\"id\":\"%s\",\"ok\":true,\"value\":%s,\"violations\":null,\"unknown\":null}\n", id, told);
    } else if (strcmp(op, "encode") == 0 && !strstr(request, "\"options\":") && value) {
      result = encode(message, value + 8, told, sizeof told);
      if (result == OK) printf("{\"id\":\"%s\",\"ok\":true,\"hex\":\"%s\"}\n", id, told);
    }
    if (result != OK) printf("{\"id\":\"%s\",\"ok\":false,\"reason\":\"%s\"}\n", id, result == REFUSED ? "refused" : "unsupported");
    fflush(stdout);
  }
  return 0;
}
