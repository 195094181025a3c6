package dev.spillway.it;

/** What a {@link FaultyProxy} does to a request on its way. */
sealed interface Fault {

  /** It passes as it is. */
  Fault NONE = new None();

  record None() implements Fault {}

  /** One bit in the middle of the body is turned; nobody is told. */
  record FlippedBit() implements Fault {}

  /** The connection ends, both ways, when half of the body has passed. */
  record CutBody() implements Fault {}

  /** The server does all that was asked; the connection ends instead of passing its answer on. */
  record LostAnswer() implements Fault {}

  /**
   * The proxy answers in the server's place, and the server never knows.
   *
   * @param headers lines, each with its line end
   */
  record Reply(int status, String headers) implements Fault {}
}
