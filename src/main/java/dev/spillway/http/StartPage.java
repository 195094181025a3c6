package dev.spillway.http;

import dev.spillway.web.Exchange;
import dev.spillway.web.Handler;
import dev.spillway.web.Pages;
import java.io.IOException;
import java.util.Map;

/** {@code GET /}: the page where a person uploads files. */
public final class StartPage implements Handler {

  private final Pages pages;
  private final Map<String, Object> model;

  /**
   * @param model what the page says of the server: {@code version}, {@code maxSize}, {@code
   *     chunkSize}; and {@code assets}, the folder of its style and scripts, relative to the page
   */
  public StartPage(Pages pages, Map<String, String> model) {
    this.pages = pages;
    this.model = Map.copyOf(model);
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    exchange.text("text/html; charset=utf-8", pages.render("start", model));
  }
}
