// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** {@code deploy/README.md} names every setting and every metric there is, and no other. */
final class OperationsGuideTests {

    /** Read from the environment by something else than a record of settings. */
    private static final Set<String> ELSEWHERE = Set.of("AVALPORT", "AVALDEMO");

    /** Set by the build. */
    private static final Set<String> NOT_FOR_OPERATORS = Set.of("AVALCARRIERSSPIVERSION");

    /** They have a section of their own. */
    private static final String ISSUERS = "AVALOIDCISSUERS";

    private static final Pattern VARIABLE = Pattern.compile("`(AVAL_[A-Z0-9_]*[A-Z0-9])`");

    private static final Pattern METRIC = Pattern.compile("`((?:aval|http|key|node|sms)_[a-z_]*[a-z])[{`]");

    private static final Pattern REGISTERED =
            Pattern.compile("(?:[a-zA-Z]+\\.builder|\\.(?:counter|gauge|timer|summary))\\(\\s*\"([a-z][a-z._]+)\"[,)]");

    /** What the name of a meter gets for Prometheus by its kind. */
    private static final List<String> ENDINGS = List.of("", "_total", "_seconds");

    private final String guide = read(Path.of("../deploy/README.md"));

    @Test
    void namesEverySetting() throws ReflectiveOperationException {
        Set<String> settings = settings();

        assertThat(settings).hasSizeGreaterThan(40);
        assertThat(variables()).containsAll(settings);
    }

    @Test
    void namesNoOtherSetting() throws ReflectiveOperationException {
        Set<String> known = settings();
        known.addAll(ELSEWHERE);

        assertThat(variables()).isSubsetOf(known);
    }

    @Test
    void namesEveryMetric() {
        Set<String> named = metrics();

        assertThat(meters())
                .hasSizeGreaterThan(40)
                .allSatisfy(meter -> assertThat(ENDINGS)
                        .as("an entry for %s", meter)
                        .anyMatch(ending -> named.contains(meter + ending)));
    }

    @Test
    void namesNoOtherMetric() {
        Set<String> meters = meters();

        assertThat(metrics())
                .allSatisfy(metric -> assertThat(ENDINGS)
                        .as("a meter for %s", metric)
                        .anyMatch(ending -> metric.endsWith(ending)
                                && meters.contains(metric.substring(0, metric.length() - ending.length()))));
    }

    private Set<String> variables() {
        return found(VARIABLE, guide)
                .map(name -> name.replace("_", ""))
                .filter(name -> !name.startsWith(ISSUERS))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> metrics() {
        String section = guide.replaceAll("(?s).*\n## Health and metrics\n|\n## .*", "");
        return found(METRIC, section).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Without separators: Spring takes several forms of one name. */
    private static Set<String> settings() throws ReflectiveOperationException {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        Set<String> names = new TreeSet<>();
        for (var found : scanner.findCandidateComponents("eu.aval.server")) {
            Class<?> type = Class.forName(found.getBeanClassName());
            collect(type.getAnnotation(ConfigurationProperties.class).value(), type, names);
        }
        names.removeAll(NOT_FOR_OPERATORS);
        names.remove(ISSUERS);
        return names;
    }

    private static void collect(String prefix, Class<?> type, Set<String> names) {
        for (RecordComponent each : type.getRecordComponents()) {
            String name = prefix + "." + each.getName();
            if (each.getType().isRecord()) {
                collect(name, each.getType(), names);
            } else {
                names.add(name.replaceAll("[.-]", "").toUpperCase(Locale.ROOT));
            }
        }
    }

    /** With underscores, as they stand in the source. */
    private static Set<String> meters() {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> found(REGISTERED, read(file)))
                    .map(name -> name.replace('.', '_'))
                    .filter(name -> Arrays.stream(new String[] {"aval_", "http_", "key_", "node_", "sms_"})
                            .anyMatch(name::startsWith))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult each) -> each.group(1));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
