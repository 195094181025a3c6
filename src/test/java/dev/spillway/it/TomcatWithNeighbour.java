package dev.spillway.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Tomcat as in {@link StockTomcat}, with {@link NeighbourServlet} beside the application. */
final class TomcatWithNeighbour implements ServerKind {

  private final StockTomcat tomcat = new StockTomcat();

  @Override
  public ProcessBuilder command(Site site) throws IOException {
    ProcessBuilder command = tomcat.command(site);
    String type = NeighbourServlet.class.getName().replace('.', '/') + ".class";
    Path classes = site.home().resolve("tomcat-base/webapps/neighbour/WEB-INF/classes");
    Path target = classes.resolve(type);
    Files.createDirectories(target.getParent());
    try (InputStream in = NeighbourServlet.class.getResourceAsStream("/" + type)) {
      Files.write(target, in.readAllBytes());
    }
    return command;
  }

  @Override
  public Pattern portLine() {
    return tomcat.portLine();
  }

  @Override
  public String contextPath() {
    return tomcat.contextPath();
  }

  /** Lets the neighbour do something; it has to succeed. */
  static void ask(UploadClient client, String method, int mib) throws Exception {
    URI heap = client.base().resolve("/neighbour/heap?mib=" + mib);
    client
        .send(HttpRequest.newBuilder(heap).method(method, BodyPublishers.noBody()))
        .requireStatus(200);
  }
}
