package gradus.nn;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses nn = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("gradus.nn");

    @Test
    void packages_form_no_cycle() {
        slices().matching("gradus.(nn.*)..").should().beFreeOfCycles().check(nn);
    }

    @Test
    void only_the_demo_needs_a_command_line_or_a_terminal() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("gradus.nn..")
                .and()
                .resideOutsideOfPackage("gradus.nn.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(nn);
    }

    @Test
    void only_optimizers_write_tensors_in_place() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackage("gradus.nn.optim..")
                .should()
                .dependOnClassesThat()
                .haveSimpleNameStartingWith("Steps")
                .check(nn);
    }
}
