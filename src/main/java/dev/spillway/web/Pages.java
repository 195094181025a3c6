package dev.spillway.web;

import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.regex.Pattern;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.AbstractConfigurableTemplateResolver;
import org.thymeleaf.templateresolver.WebApplicationTemplateResolver;
import org.thymeleaf.web.servlet.JakartaServletWebApplication;

/** Renders the templates under {@code WEB-INF/templates}. Any thread may call. */
public final class Pages {

  private static final Pattern INDENTATION = Pattern.compile("\\s*\\n\\s*");

  private final TemplateEngine engine = new TemplateEngine();

  public Pages(ServletContext context) {
    this(
        new WebApplicationTemplateResolver(JakartaServletWebApplication.buildApplication(context)),
        "/WEB-INF/templates/");
  }

  /**
   * Reads the templates from somewhere else.
   *
   * @param folder what every template's path begins with, ending in a slash
   */
  public Pages(AbstractConfigurableTemplateResolver templates, String folder) {
    templates.setPrefix(folder);
    templates.setSuffix(".html");
    templates.setTemplateMode(TemplateMode.HTML);
    templates.setCharacterEncoding("UTF-8");
    engine.setTemplateResolver(templates);
  }

  /**
   * Renders one page without the indentation of its template, which can be a tenth of its size. Not
   * for templates with preformatted text.
   */
  public String renderDense(String template, Map<String, Object> model) {
    return INDENTATION.matcher(render(template, model)).replaceAll("\n");
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
