package dev.spillway.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the figures of this process' control groups are: the own group's folder first, then those
 * of the groups around it, as far as they can be seen from here. None means that there is no such
 * group, or that it cannot be seen.
 *
 * <p>Nothing is remembered from one reading to the next: a process can be moved to another group,
 * and looking costs two small files.
 *
 * @param version of the memory folders
 * @param memory where memory is limited and counted
 * @param unified groups of version 2, which may count without limiting memory
 */
record ControlGroupFolders(Version version, List<String> memory, List<String> unified) {

  /** What the files are called. */
  enum Version {
    ONE("/memory.limit_in_bytes", "/memory.usage_in_bytes", "total_inactive_file"),
    TWO("/memory.max", "/memory.current", "inactive_file");

    final String limit;
    final String usage;
    final String inactiveFile;

    Version(String limit, String usage, String inactiveFile) {
      this.limit = limit;
      this.usage = usage;
      this.inactiveFile = inactiveFile;
    }
  }

  /** Deeper than any group in practice; without a bound, a file would decide on the work. */
  private static final int MOST_LEVELS = 32;

  private static final Pattern OCTAL = Pattern.compile("\\\\([0-3][0-7]{2})");

  /**
   * A mounted hierarchy of groups.
   *
   * @param inside the group that is mounted, seen from the hierarchy's own root
   * @param point where it is mounted
   * @param memory whether it is of version 1 and limits memory
   */
  private record Mount(String inside, String point, boolean unified, boolean memory) {}

  /** Memory is limited in one hierarchy only: where version 1 has it, version 2 has not. */
  static ControlGroupFolders find(ProcFiles files) {
    List<String> own = files.lines("/proc/self/cgroup");
    List<Mount> mounts = mounts(files);
    List<String> unified =
        ownPath(own, String::isEmpty)
            .map(path -> locate(files, mounts.stream().filter(Mount::unified).toList(), path))
            .orElse(List.of());
    List<String> limited =
        ownPath(own, names -> List.of(names.split(",", -1)).contains("memory"))
            .map(path -> locate(files, mounts.stream().filter(Mount::memory).toList(), path))
            .orElse(List.of());
    return limited.isEmpty()
        ? new ControlGroupFolders(Version.TWO, unified, unified)
        : new ControlGroupFolders(Version.ONE, limited, unified);
  }

  /** Lines are {@code number:controllers:path}; version 2 has no controllers there. */
  private static Optional<String> ownPath(List<String> lines, Predicate<String> controllers) {
    return lines.stream()
        .map(line -> line.split(":", 3))
        .filter(parts -> parts.length == 3 && parts[2].startsWith("/"))
        .filter(parts -> controllers.test(parts[1]))
        .map(parts -> parts[2])
        .findFirst();
  }

  private static List<Mount> mounts(ProcFiles files) {
    return files.lines("/proc/self/mountinfo").stream()
        .flatMap(line -> mount(line).stream())
        .toList();
  }

  /**
   * A line is {@code id parent device inside point options tags... - type source options}; the
   * number of tags varies, and blanks in names are written in octal.
   */
  private static Optional<Mount> mount(String line) {
    int dash = line.indexOf(" - cgroup");
    if (dash < 0) {
      return Optional.empty();
    }
    String[] left = line.substring(0, dash).split(" ", -1);
    String[] right = line.substring(dash + " - ".length()).split(" ", -1);
    if (left.length < 6 || right.length < 3) {
      return Optional.empty();
    }
    boolean unified = right[0].equals("cgroup2");
    boolean memory =
        right[0].equals("cgroup") && List.of(right[2].split(",", -1)).contains("memory");
    return Optional.of(new Mount(plain(left[3]), plain(left[4]), unified, memory));
  }

  private static String plain(String name) {
    return OCTAL
        .matcher(name)
        .replaceAll(
            octal ->
                Matcher.quoteReplacement(Character.toString(Integer.parseInt(octal.group(1), 8))));
  }

  /**
   * In a container the own path can be the host's, of which nothing is seen but the own group,
   * mounted as if it were the root.
   */
  private static List<String> locate(ProcFiles files, List<Mount> mounts, String own) {
    for (Mount mount : mounts) {
      Optional<String> path = seenThrough(mount, own);
      if (path.isPresent() && files.isFolder(mount.point + path.get())) {
        return upwards(mount.point, path.get());
      }
    }
    return mounts.stream().map(Mount::point).filter(files::isFolder).limit(1).toList();
  }

  private static Optional<String> seenThrough(Mount mount, String own) {
    if (List.of(own.split("/", -1)).contains("..")) {
      // The own group is outside of what this process may see of the hierarchy.
      return Optional.empty();
    }
    String inside = mount.inside.equals("/") ? "" : mount.inside;
    String path = own.equals("/") ? "" : own;
    return path.equals(inside) || path.startsWith(inside + "/")
        ? Optional.of(path.substring(inside.length()))
        : Optional.empty();
  }

  private static List<String> upwards(String point, String path) {
    List<String> folders = new ArrayList<>();
    String at = path;
    while (!at.isEmpty() && folders.size() < MOST_LEVELS) {
      folders.add(point + at);
      at = at.substring(0, at.lastIndexOf('/'));
    }
    folders.add(point);
    return folders;
  }
}
