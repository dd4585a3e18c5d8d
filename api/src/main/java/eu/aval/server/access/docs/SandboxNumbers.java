// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.springframework.core.io.ClassPathResource;

/**
 * What the bundled simulator does with which number: tables out of its own jar, which its tests hold against what it does.
 *
 * @param numbers last four digits, what becomes of the submit, what comes afterwards; none when no simulator is bundled
 * @param failures number and name of each failure
 */
record SandboxNumbers(List<List<String>> numbers, List<List<String>> failures) {

    private static final String JAR = "carriers/carrier-simulator.jar";
    private static final String FOLDER = "eu/aval/carrier/simulator/";

    static SandboxNumbers read() {
        var tables = tables(new ClassPathResource(JAR));
        return new SandboxNumbers(
                tables.getOrDefault(FOLDER + "magic-numbers.tsv", List.of()),
                tables.getOrDefault(FOLDER + "failures.tsv", List.of()));
    }

    private static Map<String, List<List<String>>> tables(ClassPathResource jar) {
        Map<String, List<List<String>>> tables = new HashMap<>();
        if (!jar.exists()) {
            return tables;
        }
        try (var entries = new ZipInputStream(jar.getInputStream())) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (entry.getName().endsWith(".tsv")) {
                    tables.put(entry.getName(), rows(new String(entries.readAllBytes(), StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tables;
    }

    private static List<List<String>> rows(String table) {
        List<List<String>> rows = new ArrayList<>();
        table.lines().skip(1).forEach(line -> rows.add(List.of(line.split("\t", -1))));
        return rows;
    }
}
