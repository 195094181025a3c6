package dev.spillway.app;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the virtual machine forget the application's records. Java 17 keeps the record type that it
 * last made an {@code equals} for, in {@code ObjectMethods.OBJECT_EQ} (seen in a heap dump), and
 * with it the class loader of an application that was taken out of its container.
 */
final class RecordTypes {

  private static final Logger log = LoggerFactory.getLogger(RecordTypes.class);

  private RecordTypes() {}

  /** Lets it make one for a type of its own, which takes the place. To be called last of all. */
  @SuppressWarnings("CatchingUnchecked") // what the bootstrap method is declared to throw
  static void forget() {
    Class<?> other = String.class;
    try {
      ObjectMethods.bootstrap(
          MethodHandles.lookup(),
          "equals",
          MethodType.methodType(boolean.class, other, Object.class),
          other,
          "");
    } catch (Throwable e) {
      // Later versions have no such memory, and may want a record here.
      log.debug("the virtual machine keeps what it knows of records", e);
    }
  }
}
