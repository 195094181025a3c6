package dev.spillway.it;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers as the server gives them behind its first page, one newer than the other. A test changes
 * what is in them while pages ask.
 */
final class LiveFigures {

  private static final long START = 1_760_000_000_000L;
  private static final int EVERY = 5_000;

  private final AtomicInteger seq = new AtomicInteger(1);
  private volatile String instance = "a";
  private volatile String state = "OK";
  private volatile String queue = "0";
  private volatile double share;
  private volatile List<String> uploads = List.of("u1", "u2");

  /** Everything about another state; the level is the same word for the sake of simplicity. */
  LiveFigures state(String name) {
    state = name;
    return this;
  }

  LiveFigures queue(String text, double filled) {
    queue = text;
    share = filled;
    return this;
  }

  LiveFigures uploads(String... ids) {
    uploads = List.of(ids);
    return this;
  }

  /** Another run of the server, which begins to count anew. */
  LiveFigures restarted(String name) {
    instance = name;
    seq.set(0);
    return this;
  }

  /**
   * The next answer, which has one more point.
   *
   * @param all whether it has all points
   */
  Map<String, Object> next(boolean all) {
    int number = seq.incrementAndGet();
    long at = instance.equals("a") ? START + (long) number * EVERY : START + 300_000 + number * 5L;
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("seq", number);
    answer.put("at", at);
    answer.put("instance", instance);
    answer.put("title", state + " – Spillway");
    answer.put("verdict", Map.of("state", state, "spoken", "The server is " + state + "."));
    answer.put(
        "texts",
        Map.of(
            "tile.queue.value",
            queue,
            "verdict.icon",
            "✓",
            "verdict.headline",
            state + " – tick " + number,
            "chart.throughput.caption",
            "Now: received " + number));
    answer.put("levels", Map.of("verdict", state.equals("FAILING") ? "critical" : "ok"));
    answer.put("shares", Map.of("tile.queue", share));
    answer.put("rows", Map.of("worst", uploads.stream().map(LiveFigures::row).toList()));
    answer.put(
        "points", all ? history(number) : points(List.of(at), List.of(value(number)), false));
    return answer;
  }

  private static Map<String, Object> row(String id) {
    return Map.of(
        "key",
        id,
        "href",
        "/up/dashboard/uploads/" + id,
        "cells",
        Map.of("name", "<b>" + id, "phase", "storing"));
  }

  /** What there was before the page was loaded, with a gap in the middle. */
  static Map<String, Object> history(int last) {
    List<Long> millis = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = -110; i <= last; i++) {
      millis.add(START + (long) i * EVERY);
      values.add(i > -60 && i < -50 ? null : value(i));
    }
    return points(millis, values, true);
  }

  private static double value(int number) {
    return (60 + 40 * Math.sin(number / 12.0)) * (1 << 20);
  }

  private static Map<String, Object> points(List<Long> millis, List<Double> values, boolean reset) {
    Map<String, Object> points = new LinkedHashMap<>();
    points.put("window", "10m");
    points.put("length", 600_000);
    points.put("step", EVERY);
    points.put("millis", millis);
    Map<String, List<Double>> series = new LinkedHashMap<>();
    series.put("received", values);
    series.put("stored", scaled(values, 0.9));
    series.put("bufferBytes", scaled(values, 0.4));
    series.put("bufferLimit", Collections.nCopies(values.size(), 64.0 * (1 << 20)));
    series.put("bufferWaiting", scaled(values, 1e-7));
    series.put("served", scaled(values, 1e-6));
    series.put("refused", scaled(values, 2e-7));
    series.put("serverErrors", scaled(values, 1e-7));
    series.put("clientErrors", scaled(values, 5e-8));
    series.put("aborted", scaled(values, 5e-8));
    points.put("values", series);
    points.put("marks", List.of(Map.of("at", START - 200_000, "kind", "DRAIN")));
    points.put("reset", reset);
    return points;
  }

  private static List<Double> scaled(List<Double> values, double factor) {
    List<Double> scaled = new ArrayList<>();
    values.forEach(value -> scaled.add(value == null ? null : value * factor));
    return scaled;
  }
}
