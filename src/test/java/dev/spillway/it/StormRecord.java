package dev.spillway.it;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the clients of a storm have seen. Any thread may call. */
final class StormRecord {

  private static final String REQUEST_ID_HEADER = "X-Request-Id";

  private static final Pattern REQUEST_ID = Pattern.compile(REQUEST_ID_HEADER + ": (\\S+)");
  private static final int LOG_LINES = 40;
  private static final int SHOWN = 12;
  private static final int OF_EACH = 3;
  private static final int TRACE_LINES = 14;

  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final Map<String, Queue<String>> failures = new ConcurrentSkipListMap<>();
  private final Queue<String> serverErrors = new ConcurrentLinkedQueue<>();

  void count(String what) {
    counts.computeIfAbsent(what, key -> new LongAdder()).increment();
  }

  /**
   * Takes an answer down. One that blames the server, but not its load, is a bug of the server's,
   * whatever had been asked.
   *
   * @param text as it came by the wire
   */
  void answered(String call, int status, String text) {
    count(call + " " + status);
    if (status >= 500 && !(status == 503 && text.contains("\"busy\""))) {
      serverErrors.add(call + ": " + text);
    }
  }

  void answered(String call, Answer answer) {
    String id = answer.header(REQUEST_ID_HEADER);
    answered(call, answer.status(), answer.text() + "\n" + REQUEST_ID_HEADER + ": " + id);
  }

  /**
   * Takes down what a client did not get as it should.
   *
   * @param deed what it was about to do
   */
  void failed(String deed, String upload, Throwable failure) {
    count("failures: " + deed);
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    String head = text.toString().lines().limit(TRACE_LINES).collect(Collectors.joining("\n"));
    failures
        .computeIfAbsent(deed, key -> new ConcurrentLinkedQueue<>())
        .add("\n" + deed + ", upload " + upload + ": " + head);
  }

  long count() {
    return counts.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** What went wrong, a few of each kind. */
  List<String> failures() {
    return failures.values().stream().flatMap(each -> each.stream().limit(OF_EACH)).toList();
  }

  /** The answers that blame the server, each with what the log says about its request. */
  List<String> serverErrors(ServerProcess server) throws IOException {
    List<String> log = server.log().lines().toList();
    return serverErrors.stream()
        .limit(SHOWN)
        .map(error -> error + "\n" + about(error, log))
        .toList();
  }

  private static String about(String error, List<String> log) {
    Matcher id = REQUEST_ID.matcher(error);
    boolean known = id.find();
    for (int i = 0; i < log.size() && known; i++) {
      if (log.get(i).contains(id.group(1))) {
        return String.join("\n", log.subList(i, Math.min(log.size(), i + LOG_LINES)));
      }
    }
    return "(the log has nothing about this request)";
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (what, count) -> text.append("  ").append(what).append(": ").append(count).append('\n'));
    return text.toString();
  }
}
