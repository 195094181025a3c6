package dev.spillway.app;

/** What an operator may ask for over JMX. */
public interface OperationsMXBean {

  /** Ends abandoned uploads now, and tells what was done. */
  String cleanUp();

  /** Removes leftovers now, and tells what was done. */
  String sweep();
}
