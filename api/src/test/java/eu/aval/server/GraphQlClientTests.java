// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.language.AstPrinter;
import graphql.language.Definition;
import graphql.language.OperationDefinition;
import graphql.parser.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The generators that front-ends use make a typed client of the schema and of each task in {@code api/README.md}, and it
 * compiles with everything that TypeScript is strict about.
 */
final class GraphQlClientTests {

    private static final Pattern EXAMPLE = Pattern.compile("```graphql\\n(# [A-Z_]+\\n.*?)```", Pattern.DOTALL);

    @Test
    void isGeneratedAndCompiles() throws IOException {
        Npm npm = Npm.installed();
        Path folder = Files.createDirectories(npm.directory().resolve("graphql"));
        Path queries = Files.createDirectories(folder.resolve("queries"));
        int tasks = write(queries);
        Files.copy(
                npm.file("console.graphql"), queries.resolve("console.graphql"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(npm.file("console.ts"), folder.resolve("console.ts"), StandardCopyOption.REPLACE_EXISTING);
        // beside the packages that it imports
        Path script = npm.directory().resolve("generate-graphql.mjs");
        Files.copy(npm.file("generate-graphql.mjs"), script, StandardCopyOption.REPLACE_EXISTING);

        npm.node(
                        folder,
                        script.toString(),
                        Path.of("..", "schema", "graphql").toAbsolutePath().toString(),
                        queries.toString(),
                        "generated.ts")
                .succeeded();

        assertThat(Files.readString(folder.resolve("generated.ts")))
                .contains("export const Task" + tasks + "Document")
                .as("no scalar is left open")
                .doesNotContain(": any");
        npm.run(
                        folder,
                        "tsc",
                        "--noEmit",
                        "--strict",
                        "--noUncheckedIndexedAccess",
                        "--exactOptionalPropertyTypes",
                        "--target",
                        "es2022",
                        "--module",
                        "nodenext",
                        "--lib",
                        "es2022,dom",
                        "--skipLibCheck",
                        "console.ts")
                .succeeded();
    }

    /** Each task under a name, as generators want it; how many there are. */
    private static int write(Path folder) throws IOException {
        int tasks = 0;
        Matcher examples = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        while (examples.find()) {
            tasks++;
            String name = "Task" + tasks;
            Definition<?> operation = Parser.parse(examples.group(1))
                    .getDefinitionsOfType(OperationDefinition.class)
                    .getFirst()
                    .transform(builder -> builder.name(name));
            Files.writeString(folder.resolve(name + ".graphql"), AstPrinter.printAst(operation));
        }
        assertThat(tasks).isGreaterThan(30);
        return tasks;
    }
}
