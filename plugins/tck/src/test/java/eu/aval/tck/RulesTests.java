// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class RulesTests {

    private static final Pattern NAME = Pattern.compile("required_(R\\d{3})_[a-z]\\w+");

    @Test
    void listsEachRuleInTheReadme() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        Set<String> listed = new TreeSet<>();
        Pattern.compile("(?m)^\\| (R\\d{3}) \\|").matcher(readme).results().forEach(row -> listed.add(row.group(1)));

        assertThat(listed).isEqualTo(numbers(CarrierTck.class));
    }

    @Test
    void namesEachTestAfterItsRule() {
        assertThat(CarrierTck.class.getMethods())
                .filteredOn(method -> method.isAnnotationPresent(Test.class))
                .hasSizeGreaterThan(50)
                .allSatisfy(method -> assertThat(method.getName()).matches(NAME));
    }

    @Test
    void keepsEachCapabilityToFifteenRules() {
        for (Class<?> rules : CarrierTck.class.getInterfaces()) {
            assertThat(numbers(rules)).as(rules.getSimpleName()).hasSizeBetween(1, 15);
        }
    }

    private static Set<String> numbers(Class<?> rules) {
        return Arrays.stream(rules.getMethods())
                .map(Method::getName)
                .map(NAME::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> matcher.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
