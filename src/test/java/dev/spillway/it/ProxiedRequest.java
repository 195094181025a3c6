package dev.spillway.it;

import java.util.regex.Pattern;

/**
 * A request that a {@link FaultyProxy} has seen the head of.
 *
 * @param kind what it asks for
 * @param number how many of its kind there were before it, and itself
 * @param length of its body
 * @param at {@link System#nanoTime} of its arrival
 */
record ProxiedRequest(Kind kind, int number, long length, long at) {

  /** By method and path. */
  enum Kind {
    CREATE("POST /uploads"),
    CHUNK("(POST /uploads/[^/]+/chunks|PUT /uploads/[^/]+/chunks/[0-9]+)"),
    STATUS("GET /uploads/[^/]+"),
    FINISH("POST /uploads/[^/]+/finish"),
    CANCEL("DELETE /uploads/[^/]+"),
    /** Pages, assets, finished files. */
    OTHER(".*");

    private final Pattern pattern;

    Kind(String pattern) {
      this.pattern = Pattern.compile(pattern);
    }

    static Kind of(HttpHead request) {
      String path = request.target().replaceFirst("\\?.*", "");
      String call = request.method() + " " + path;
      for (Kind kind : values()) {
        if (kind.pattern.matcher(call).matches()) {
          return kind;
        }
      }
      throw new IllegalStateException(call);
    }

    /** Whether it is a call of the API for uploads. */
    boolean isUpload() {
      return this != OTHER;
    }
  }
}
