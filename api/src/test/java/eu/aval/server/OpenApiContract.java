// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.test.web.reactive.server.ExchangeResult;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * {@code schema/openapi/aval.yaml} as a judge of exchanges: path, method, status, headers and both bodies. The answer
 * must always be as written; the request must be when it was accepted, so that the contract promises no more and no
 * less than the server takes.
 */
final class OpenApiContract {

    private static final String ADDRESS = "https://aval.example/contract";
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What any answer may carry. */
    private static final Set<String> ALWAYS =
            Set.of("content-type", "content-length", "transfer-encoding", "cache-control", "x-content-type-options");

    private final JsonNode contract;
    private final SchemaRegistry schemas;
    private final Map<String, Schema> compiled = new ConcurrentHashMap<>();
    private final Map<PathPattern, String> paths = new ConcurrentHashMap<>();

    OpenApiContract() {
        try (var source = OpenApiContract.class.getResourceAsStream("/openapi/aval.yaml")) {
            contract = new YAMLMapper().readTree(source);
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
        schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(Map.of(ADDRESS, JSON.writeValueAsString(contract))));
        contract.path("paths")
                .propertyNames()
                .forEach(path -> paths.put(PathPatternParser.defaultInstance.parse(path), path));
    }

    JsonNode document() {
        return contract;
    }

    /** @throws AssertionError with everything that is not as the contract has it */
    void check(ExchangeResult exchange) {
        var path = exchange.getUrl().getRawPath();
        if (!path.startsWith("/v1/") && !path.equals("/v1")) {
            return;
        }
        var defects = defects(exchange);
        if (!defects.isEmpty()) {
            throw new AssertionError(
                    "Not as schema/openapi/aval.yaml has it:\n  " + String.join("\n  ", defects) + "\n" + exchange);
        }
    }

    private List<String> defects(ExchangeResult exchange) {
        var status = exchange.getStatus().value();
        var operation = operation(exchange);
        if (operation == null) {
            var response = stranger(status);
            return response == null
                    ? List.of("No such operation, and " + status + " is no answer to that")
                    : answer(exchange, response);
        }
        List<String> defects = new ArrayList<>();
        if (status < 300) {
            defects.addAll(request(exchange, operation));
        }
        var responses = operation + "/responses/" + status;
        if (status == 405 || at(responses).isMissingNode()) {
            defects.add("Status " + status + " is not described");
        } else {
            defects.addAll(answer(exchange, resolved(responses)));
        }
        return defects;
    }

    /** How a path or a method that is not in the contract may be answered. */
    private @Nullable String stranger(int status) {
        var response = "/x-elsewhere/" + status;
        return at(response).isMissingNode() ? null : resolved(response);
    }

    private @Nullable String operation(ExchangeResult exchange) {
        var path = PathContainer.parsePath(exchange.getUrl().getRawPath());
        return paths.entrySet().stream()
                .filter(entry -> entry.getKey().matches(path))
                .min(Map.Entry.comparingByKey())
                .map(entry -> "/paths/" + escaped(entry.getValue()) + "/"
                        + exchange.getMethod().name().toLowerCase(Locale.ROOT))
                .filter(pointer -> !at(pointer).isMissingNode())
                .orElse(null);
    }

    private List<String> request(ExchangeResult exchange, String operation) {
        List<String> defects = new ArrayList<>();
        var body = operation + "/requestBody";
        if (!at(body).isMissingNode()) {
            defects.addAll(
                    content("request", body, exchange.getRequestHeaders(), bytes(exchange.getRequestBodyContent())));
        }
        for (int i = 0; i < at(operation + "/parameters").size(); i++) {
            var pointer = resolved(operation + "/parameters/" + i);
            var parameter = at(pointer);
            if (parameter.path("in").asString().equals("header")) {
                var value = exchange.getRequestHeaders()
                        .getFirst(parameter.path("name").asString());
                if (value != null) {
                    defects.addAll(errors(
                            "request header " + parameter.path("name").asString(),
                            pointer + "/schema",
                            JSON.valueToTree(value)));
                }
            }
        }
        defects.addAll(query(exchange, operation));
        return defects;
    }

    private List<String> query(ExchangeResult exchange, String operation) {
        var query = exchange.getUrl().getRawQuery();
        if (query == null) {
            return List.of();
        }
        var known = Stream.iterate(0, i -> i < at(operation + "/parameters").size(), i -> i + 1)
                .map(i -> at(resolved(operation + "/parameters/" + i)))
                .filter(parameter -> parameter.path("in").asString().equals("query"))
                .map(parameter -> parameter.path("name").asString())
                .toList();
        return Stream.of(query.split("&"))
                .map(pair -> pair.split("=", 2)[0])
                .filter(name -> !known.contains(name))
                .map(name -> "request: there is no parameter " + name)
                .toList();
    }

    private List<String> answer(ExchangeResult exchange, String response) {
        List<String> defects = new ArrayList<>();
        var headers = exchange.getResponseHeaders();
        var declared = at(response + "/headers");
        for (var name : declared.propertyNames()) {
            var pointer = resolved(response + "/headers/" + escaped(name));
            var value = headers.getFirst(name);
            if (value != null) {
                defects.addAll(errors("header " + name, pointer + "/schema", JSON.valueToTree(value)));
            } else if (at(pointer).path("required").asBoolean(false)) {
                defects.add("The header " + name + " is missing");
            }
        }
        var known = declared.propertyNames().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        for (var name : headers.headerNames()) {
            var lower = name.toLowerCase(Locale.ROOT);
            if (!known.contains(lower) && !ALWAYS.contains(lower)) {
                defects.add("The header " + name + " is not described");
            }
        }
        if (!"no-store".equals(headers.getCacheControl())) {
            defects.add("Answers must not be stored by caches");
        }
        defects.addAll(content("answer", response, headers, bytes(exchange.getResponseBodyContent())));
        return defects;
    }

    private List<String> content(String what, String pointer, HttpHeaders headers, String body) {
        if (at(pointer + "/content").isMissingNode()) {
            return body.isEmpty() ? List.of() : List.of(what + ": no body is described");
        }
        var type = headers.getContentType();
        var described = type == null
                ? null
                : at(pointer + "/content").propertyNames().stream()
                        .filter(name -> MediaType.parseMediaType(name).equalsTypeAndSubtype(type))
                        .findFirst()
                        .orElse(null);
        if (described == null) {
            return List.of(what + ": the content type " + type + " is not described");
        }
        var schema = pointer + "/content/" + escaped(described) + "/schema";
        List<String> defects = new ArrayList<>();
        var documents = described.equals(MediaType.APPLICATION_NDJSON_VALUE)
                ? body.lines().filter(line -> !line.isBlank()).toList()
                : List.of(body);
        for (var document : documents) {
            try {
                defects.addAll(errors(what, schema, JSON.readTree(document)));
            } catch (JacksonException malformed) {
                defects.add(what + ": not JSON");
            }
        }
        return defects;
    }

    private List<String> errors(String what, String pointer, JsonNode value) {
        var schema =
                compiled.computeIfAbsent(pointer, key -> schemas.getSchema(SchemaLocation.of(ADDRESS + "#" + key)));
        return schema
                .validate(value, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(error -> what + ": " + error)
                .toList();
    }

    private String resolved(String pointer) {
        var reference = at(pointer).path("$ref");
        return reference.isMissingNode()
                ? pointer
                : resolved(reference.asString().substring(1));
    }

    private JsonNode at(String pointer) {
        return contract.at(pointer);
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String bytes(byte @Nullable [] content) {
        return content == null ? "" : new String(content, StandardCharsets.UTF_8);
    }
}
