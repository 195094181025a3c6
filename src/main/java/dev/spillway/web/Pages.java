package dev.spillway.web;

import jakarta.servlet.ServletContext;
import java.util.Map;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.WebApplicationTemplateResolver;
import org.thymeleaf.web.servlet.JakartaServletWebApplication;

/** Renders the templates under {@code WEB-INF/templates}. Any thread may call. */
public final class Pages {

  private final TemplateEngine engine = new TemplateEngine();

  public Pages(ServletContext context) {
    WebApplicationTemplateResolver templates =
        new WebApplicationTemplateResolver(JakartaServletWebApplication.buildApplication(context));
    templates.setPrefix("/WEB-INF/templates/");
    templates.setSuffix(".html");
    templates.setTemplateMode(TemplateMode.HTML);
    templates.setCharacterEncoding("UTF-8");
    engine.setTemplateResolver(templates);
  }

  /**
   * Renders one page.
   *
   * @param template the template's name, never a client's text
   * @param model what its expressions may use
   */
  public String render(String template, Map<String, Object> model) {
    Context context = new Context();
    context.setVariables(model);
    return engine.process(template, context);
  }
}
