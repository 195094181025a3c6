package dev.spillway.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The operator's account where the settings name no password: made at the first start, and kept in
 * the data directory as a hash. Used by the thread that starts the server.
 */
final class AccountFile {

  private static final String NAME = "dashboard-account";
  private static final int MAX_BYTES = 4096;

  /** Without those that are taken for others: I, L, O, U. Of 20 letters, 100 bits. */
  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private static final int LETTERS = 20;
  private static final int GROUP = 5;
  private static final Pattern GROUP_END = Pattern.compile(".{" + GROUP + "}(?!$)");

  private final Path directory;
  private final Path file;
  private final RandomGenerator random;

  /**
   * @param hash of the password
   * @param made the password itself when it has just been made up
   */
  record Opened(PasswordHash hash, Optional<String> made) {}

  /**
   * @param dataDir exists
   * @param random for secrets
   */
  AccountFile(Path dataDir, RandomGenerator random) {
    this.directory = dataDir;
    this.file = dataDir.resolve(NAME);
    this.random = random;
  }

  /**
   * Reads the account, or makes it.
   *
   * @throws IOException when there is one that cannot be read, or none can be written
   */
  Opened open() throws IOException {
    if (!Files.exists(file)) {
      String password = newPassword();
      PasswordHash hash = PasswordHash.of(password, random);
      if (write(hash)) {
        return new Opened(hash, Optional.of(password));
      }
      // Another server of the same data directory was faster.
    }
    return new Opened(read(), Optional.empty());
  }

  private PasswordHash read() throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException("is too long");
      }
      return PasswordHash.parse(Files.readString(file).strip());
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "the dashboard's account in %s cannot be read: %s. Delete the file, and the next start"
                  .formatted(file, e instanceof IOException ? "" + e : "it " + e.getMessage())
              + " makes a new password, or set spillway.dashboard.password",
          e);
    }
  }

  private String newPassword() {
    StringBuilder letters = new StringBuilder(LETTERS);
    random
        .ints(LETTERS, 0, ALPHABET.length())
        .forEach(letter -> letters.append(ALPHABET.charAt(letter)));
    return GROUP_END.matcher(letters).replaceAll("$0-");
  }

  /** Whole or not at all, and never over one that is there: then false. */
  private boolean write(PasswordHash hash) throws IOException {
    Path draft = Files.createTempFile(directory, NAME + "-", ".new", ownerOnly());
    try {
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        ByteBuffer text = StandardCharsets.US_ASCII.encode(hash.text() + "\n");
        while (text.hasRemaining()) {
          channel.write(text);
        }
        channel.force(true);
      }
      return place(draft);
    } finally {
      Files.deleteIfExists(draft);
      force(directory);
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private boolean place(Path draft) throws IOException {
    try {
      Files.createLink(file, draft);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // A file system without links.
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      return true;
    }
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
