package gradus;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/** The rules of dependency between packages; docs/architecture.md lists them. */
class ArchitectureTest {
    private final JavaClasses core = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("gradus");

    @Test
    void array_does_not_depend_on_graph_and_core_depends_on_no_other_module() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("gradus.array..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("gradus.graph..", "gradus.ops..", "gradus.nn..")
                .check(core);
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("gradus.graph..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("gradus.ops..", "gradus.nn..")
                .check(core);
    }

    @Test
    void the_engine_depends_on_neither_checker_nor_drawings() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("gradus.graph")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("gradus.graph.check..", "gradus.graph.view..")
                .check(core);
    }

    @Test
    void packages_and_sub_packages_form_no_cycle() {
        slices().matching("gradus.(**)").should().beFreeOfCycles().check(core);
    }

    @Test
    void only_simd_classes_touch_the_vector_api() {
        ArchRuleDefinition.noClasses()
                .that()
                .haveNameNotMatching("gradus\\.array\\.Simd.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(core);
    }
}
