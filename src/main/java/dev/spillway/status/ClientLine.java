package dev.spillway.status;

/**
 * A row of the table of clients.
 *
 * @param client whom limits count for
 * @param uploads how many it has open
 * @param receivedBytes of those
 * @param missingBytes what those have declared and not sent
 * @param refused its requests refused in the last five minutes
 * @param errors its requests that failed for another reason in the last five minutes
 */
public record ClientLine(
    String client,
    long uploads,
    long receivedBytes,
    long missingBytes,
    long refused,
    long errors) {}
