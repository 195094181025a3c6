package dev.spillway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The house as ARCHITECTURE.md draws it: which room may know which. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.spillway");

  /** Room → the rooms it may know. {@code app} may know all. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("http", Set.of("upload", "admission", "web")),
          Map.entry(
              "dashboard",
              Set.of(
                  "operate",
                  "status",
                  "upkeep",
                  "upload",
                  "admission",
                  "memory",
                  "telemetry",
                  "web")),
          Map.entry("operate", Set.of("upkeep", "upload", "admission", "telemetry")),
          Map.entry("status", Set.of("upkeep", "upload", "admission", "memory", "telemetry")),
          Map.entry("web", Set.of()),
          Map.entry("upkeep", Set.of("upload", "admission", "memory", "telemetry")),
          Map.entry("catalog", Set.of("upload", "telemetry")),
          Map.entry("storage", Set.of("upload")),
          Map.entry("upload", Set.of("admission", "telemetry")),
          Map.entry("admission", Set.of("telemetry")),
          Map.entry("memory", Set.of("telemetry")),
          Map.entry("telemetry", Set.of()),
          Map.entry("config", Set.of()));

  @TestFactory
  Stream<DynamicTest> everyRoomKnowsOnlyTheRoomsBelowIt() {
    return ARROWS.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> checkRoom(entry.getKey(), entry.getValue())));
  }

  private static void checkRoom(String room, Set<String> below) {
    String[] forbidden =
        Stream.concat(ARROWS.keySet().stream(), Stream.of("app"))
            .filter(other -> !other.equals(room) && !below.contains(other))
            .map(other -> "dev.spillway." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("dev.spillway." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .check(CLASSES);
  }

  @Test
  void thereIsNoCircle() {
    slices().matching("dev.spillway.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void servletsAppearAtTheEdgeOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.spillway.app..",
            "dev.spillway.web..",
            "dev.spillway.http..",
            "dev.spillway.dashboard..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.servlet..")
        .check(CLASSES);
  }

  @Test
  void sqlAppearsInTheCatalogueOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.spillway.catalog..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "org.flywaydb..")
        .check(CLASSES);
  }

  @Test
  void googlesLibraryAppearsAtTheBucketOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.spillway.storage.gcs..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.cloud..", "com.google.api..", "com.google.auth..")
        .check(CLASSES);
  }

  @Test
  void nothingOfJettyIsNeededInsideOfTheWebApplication() {
    noClasses()
        .that()
        .doNotHaveSimpleName("StandaloneServer")
        .and()
        .doNotHaveSimpleName("ProblemErrorHandler")
        .and(
            describe(
                "are not nested in it",
                type -> !type.getName().startsWith("dev.spillway.app.StandaloneServer")))
        .and(
            describe(
                "are not its login",
                type -> !type.getName().startsWith("dev.spillway.app.OperatorLogin")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..")
        .check(CLASSES);
  }

  @Test
  void noStateIsStatic() {
    fields().that().areStatic().should().beFinal().check(CLASSES);
  }

  @Test
  void nothingIsDeserialisedAndNoXmlIsParsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat(resideInAPackage("javax.xml.."))
        .check(CLASSES);
  }

  @Test
  void noDrawerCollectsWhatHasNoPlace() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .resideInAnyPackage("..util..", "..common..", "..helper..")
        .check(CLASSES);
  }

  @Test
  void classesAreNotMadeToBeExtended() {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .areTopLevelClasses()
        .should()
        .haveModifier(JavaModifier.FINAL)
        .orShould()
        .haveModifier(JavaModifier.ABSTRACT)
        .check(CLASSES);
  }

  @Test
  void theRulesLookAtSomething() {
    assertThat(CLASSES.size()).isGreaterThan(50);
  }
}
