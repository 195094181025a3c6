package dev.spillway.storage.gcs;

import java.time.Duration;

/**
 * What goes wrong with one request. A value: {@link FaultyExchange} carries it out.
 *
 * @param kind what happens
 * @param status the answer, where there is one
 * @param bytes how many bytes of the body go before it, or where in the body it is
 * @param delay how long it takes
 */
public record Fault(Kind kind, int status, long bytes, Duration delay) {

  /** The ways in which a request goes wrong. */
  public enum Kind {
    /** The body is read and thrown away; the answer is an error. */
    ANSWER,
    /** So many bytes are taken, the rest is thrown away; the answer is an error. */
    ANSWER_AFTER,
    /** So many bytes are taken, or sent; then the connection is reset. */
    RESET,
    /** Everything is done; instead of the answer, the connection is reset. */
    LOST_ANSWER,
    /** Everything is done; the answer comes late. */
    LATE,
    /** The body is read at so many bytes a second. */
    SLOW,
    /** One byte of the body is another one, before the checksums are computed. */
    CORRUPT,
    /** So many bytes are taken, the rest is thrown away; the answer says how far it is. */
    KEPT_LESS,
    /** All bytes are taken, and nothing is made of them; the answer is an error, or says so. */
    UNFINISHED,
    /** The session is forgotten, and the answer says so. */
    EXPIRED
  }

  /** The body is read and thrown away, and the answer is this error. */
  public static Fault answer(int status) {
    return new Fault(Kind.ANSWER, status, 0, Duration.ZERO);
  }

  /** The body's first bytes are taken, and the answer is this error. */
  public static Fault answerAfter(long bytes, int status) {
    return new Fault(Kind.ANSWER_AFTER, status, bytes, Duration.ZERO);
  }

  /**
   * So much of a chunk's body is taken, in whole quanta, and the answer is 308 as if that had been
   * all.
   */
  public static Fault keepingOnly(long bytes) {
    return new Fault(Kind.KEPT_LESS, 0, bytes, Duration.ZERO);
  }

  /**
   * The service has all bytes then, and could make no object of them.
   *
   * @param status an error, or 308, which says how far it is
   */
  public static Fault unfinished(int status) {
    return new Fault(Kind.UNFINISHED, status, 0, Duration.ZERO);
  }

  /** After so many bytes of the body (of the answer's, for a download), the connection is reset. */
  public static Fault resetAfter(long bytes) {
    return new Fault(Kind.RESET, 0, bytes, Duration.ZERO);
  }

  /** It is done, and the client never hears of it. */
  public static Fault lostAnswer() {
    return new Fault(Kind.LOST_ANSWER, 0, 0, Duration.ZERO);
  }

  /** It is done, and the client hears of it after a while. */
  public static Fault late(Duration delay) {
    return new Fault(Kind.LATE, 0, 0, delay);
  }

  /** The network is this slow. */
  public static Fault slow(long bytesPerSecond) {
    return new Fault(Kind.SLOW, 0, bytesPerSecond, Duration.ZERO);
  }

  /** The byte at this position of the request's content is not what was sent. */
  public static Fault corrupt(long position) {
    return new Fault(Kind.CORRUPT, 0, position, Duration.ZERO);
  }

  /** The same, answered after a while only. */
  public Fault after(Duration wait) {
    return new Fault(kind, status, bytes, wait);
  }

  /**
   * The resumable session does not exist any more.
   *
   * @param status 404 or 410
   */
  public static Fault expired(int status) {
    return new Fault(Kind.EXPIRED, status, 0, Duration.ZERO);
  }
}
