// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A partner's receiver of webhooks, in this process: it outlives the servers that tell it. */
final class ToldEvents implements AutoCloseable {

    private static final Pattern MESSAGE = Pattern.compile("\"data\":\\s*\\{.*?\"id\":\\s*\"([0-9a-f-]{36})\"");

    private final Set<UUID> messages = ConcurrentHashMap.newKeySet();
    private final HttpServer receiver;

    ToldEvents() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::take);
        receiver.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        Matcher message = MESSAGE.matcher(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        if (message.find()) {
            messages.add(UUID.fromString(message.group(1)));
        }
        exchange.sendResponseHeaders(message.hasMatch() ? 204 : 400, -1);
        exchange.close();
    }

    /** From now on it is told of these. */
    void listen(ServerProcess server, String key, String type) throws IOException {
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
        var answer = server.post(
                "/v1/webhook-endpoints",
                key,
                "application/json",
                HttpRequest.BodyPublishers.ofString("{\"url\":\"" + url + "\",\"types\":[\"" + type + "\"]}"));
        if (answer.statusCode() != 201) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
    }

    /** Whether it was told of this message, once or more often. */
    boolean ofMessage(UUID id) {
        return messages.contains(id);
    }

    @Override
    public void close() {
        receiver.stop(0);
    }
}
