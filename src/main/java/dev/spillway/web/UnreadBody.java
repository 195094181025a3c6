package dev.spillway.web;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Reads the rest of a refused request, within bounds, after the answer has been sent. A client that
 * is still sending would otherwise meet a reset connection and never see the answer.
 *
 * <p>Not after a failed read: reading on would wait for the same dead client once more. And not
 * when the client still waits for {@code 100 Continue}, which it gets when the body is asked for.
 */
public final class UnreadBody {

  private static final int PIECE = 8192;
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

  /** The code of the problem that says that the body could not be read to its end. */
  private static final String BODY_BROKEN = "body-broken";

  private final long limit;
  private final Duration patience;
  private final LongSupplier nanoTime;

  /**
   * @param limit the most bytes to read
   * @param patience the longest time to read for
   */
  public UnreadBody(long limit, Duration patience, LongSupplier nanoTime) {
    this.limit = limit;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /** What to answer when the body could not be read to its end. */
  public static Problem broken() {
    return Problem.of(
            400,
            BODY_BROKEN,
            "The body broke off, or its chunked coding is malformed. Of a chunk, what arrived without"
                + " a checksum was kept; ask for the upload's status.")
        .retryAfter(Duration.ofSeconds(1));
  }

  /**
   * Before the answer: says whether the connection will end, and whether there is a rest to read.
   */
  boolean announce(Watched request, HttpServletResponse response, Problem problem) {
    boolean hasBody =
        request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    if (!hasBody || WITHOUT_BODY.contains(request.getMethod())) {
      return false;
    }
    boolean notAskedFor = request.getHeader("Expect") != null && !request.bodyAskedFor();
    if (problem.code().equals(BODY_BROKEN) || notAskedFor) {
      response.setHeader("Connection", "close");
      return false;
    }
    if (request.getContentLengthLong() < 0 || request.getContentLengthLong() > limit) {
      response.setHeader("Connection", "close");
    }
    return true;
  }

  /** After the answer. A failure here concerns nobody: the answer is on its way. */
  void consume(HttpServletRequest request) {
    long deadline = nanoTime.getAsLong() + patience.toNanos();
    byte[] piece = new byte[PIECE];
    long total = 0;
    try {
      InputStream body = request.getInputStream();
      int n = body.read(piece);
      while (n >= 0 && total < limit && nanoTime.getAsLong() < deadline) {
        total += n;
        n = body.read(piece);
      }
    } catch (IOException | IllegalStateException e) {
      // The client has gone, or the container has closed the body.
    }
  }

  /** A request that remembers whether anybody has asked for its body. */
  static final class Watched extends HttpServletRequestWrapper {

    private boolean bodyAskedFor;

    Watched(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      bodyAskedFor = true;
      return new BodyInput(super.getInputStream());
    }

    boolean bodyAskedFor() {
      return bodyAskedFor;
    }
  }
}
