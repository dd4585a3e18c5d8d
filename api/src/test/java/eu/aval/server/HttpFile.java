// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code schema/openapi/aval.http}, read as editors read it; and the Postman collection that says the same.
 *
 * @param variables by name; their values may name earlier answers
 */
record HttpFile(Map<String, String> variables, List<Request> requests) {

    static final Path FILE = Path.of("..", "schema", "openapi", "aval.http");
    static final Path COLLECTION = Path.of("..", "schema", "openapi", "aval.postman_collection.json");

    /** A variable that an answer gives: the name of the request, and the member of the answer. */
    private static final Pattern ANSWER = Pattern.compile("\\{\\{(\\w+)\\.response\\.body\\.\\$\\.(\\w+)}}");

    /**
     * @param name by which others refer to its answer
     * @param code of the problem that it is answered with
     */
    record Request(
            String title,
            String description,
            @Nullable String name,
            int status,
            @Nullable String code,
            String method,
            String url,
            Map<String, String> headers,
            String body) {

        /** Whether its answer does not end by itself. */
        boolean isStream() {
            return headers.containsValue("text/event-stream");
        }
    }

    static HttpFile read() throws IOException {
        Map<String, String> variables = new LinkedHashMap<>();
        List<Request> requests = new ArrayList<>();
        String[] blocks = Files.readString(FILE).split("(?m)^### ");
        blocks[0]
                .lines()
                .filter(line -> line.startsWith("@"))
                .map(line -> line.substring(1).split(" = ", 2))
                .forEach(pair -> variables.put(pair[0], pair[1]));
        for (int i = 1; i < blocks.length; i++) {
            requests.add(request(blocks[i]));
        }
        return new HttpFile(variables, requests);
    }

    /** The variables that the answer to a request gives, each with the member of the answer that has it. */
    Map<String, String> given(Request request) {
        Map<String, String> given = new LinkedHashMap<>();
        variables.forEach((variable, value) -> {
            var answer = ANSWER.matcher(value);
            if (answer.matches() && answer.group(1).equals(request.name())) {
                given.put(variable, answer.group(2));
            }
        });
        return given;
    }

    private static Request request(String block) {
        String[] parts = block.split("\n\n", 2);
        List<String> comments = new ArrayList<>();
        Map<String, String> headers = new LinkedHashMap<>();
        String name = null;
        String[] expected = {};
        String[] first = {};
        List<String> lines = parts[0].lines().toList();
        for (String line : lines.subList(1, lines.size())) {
            if (line.startsWith("# @name ")) {
                name = line.substring("# @name ".length());
            } else if (line.startsWith("# Expect ")) {
                expected = line.substring("# Expect ".length()).split(" ");
            } else if (line.startsWith("# ")) {
                comments.add(line.substring(2));
            } else if (first.length == 0) {
                first = line.split(" ", 2);
            } else {
                String[] header = line.split(": ", 2);
                headers.put(header[0], header[1]);
            }
        }
        return new Request(
                lines.getFirst(),
                String.join(" ", comments),
                name,
                Integer.parseInt(expected[0]),
                expected.length > 1 ? expected[1] : null,
                first[0],
                first[1],
                headers,
                parts.length > 1 ? parts[1].strip() : "");
    }

    /** As a collection of Postman, version 2.1. */
    Map<String, Object> collection() {
        List<Map<String, Object>> defaults = new ArrayList<>();
        List<String> before = new ArrayList<>();
        variables.forEach((name, value) -> {
            if (value.equals("{{$datetime iso8601 1 d}}")) {
                before.add("pm.collectionVariables.set('%s', new Date(Date.now() + 86400000).toISOString());"
                        .formatted(name));
            }
            defaults.add(Map.of("key", name, "value", value.startsWith("{{") ? "" : value));
        });
        Map<String, Object> collection = new LinkedHashMap<>();
        collection.put(
                "info",
                ordered(
                        "name", "Aval: the first hour",
                        "description",
                                "Made from schema/openapi/aval.http. Set the variables url and key: AVAL_URL and AVAL_API_KEY of data/demo.env.",
                        "schema", "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"));
        collection.put(
                "variable",
                defaults.stream()
                        .map(each -> ordered("key", each.get("key"), "value", each.get("value")))
                        .toList());
        collection.put("event", List.of(script("prerequest", before)));
        collection.put("item", requests.stream().map(this::item).toList());
        return collection;
    }

    private Map<String, Object> item(Request request) {
        List<String> after = new ArrayList<>();
        after.add("pm.test('%1$d', () => pm.response.to.have.status(%1$d));".formatted(request.status()));
        if (request.code() != null) {
            after.add("pm.test('%1$s', () => pm.expect(pm.response.json().code).to.equal('%1$s'));"
                    .formatted(request.code()));
        }
        int next = requests.indexOf(request) + 1;
        if (next < requests.size() && requests.get(next).isStream()) {
            after.add("pm.execution.setNextRequest(null); // a run ends here: what follows does not end by itself");
        }
        given(request)
                .forEach((variable, member) -> after.add(
                        "pm.collectionVariables.set('%s', pm.response.json().%s);".formatted(variable, member)));
        Map<String, Object> said = ordered(
                "method", request.method(),
                "header",
                        request.headers().entrySet().stream()
                                .map(header -> ordered("key", header.getKey(), "value", header.getValue()))
                                .toList());
        if (!request.body().isEmpty()) {
            said.put("body", ordered("mode", "raw", "raw", request.body()));
        }
        said.put("url", request.url());
        if (!request.description().isEmpty()) {
            said.put("description", request.description());
        }
        return ordered("name", request.title(), "event", List.of(script("test", after)), "request", said);
    }

    private static Map<String, Object> script(String when, List<String> lines) {
        return ordered("listen", when, "script", ordered("type", "text/javascript", "exec", lines));
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
