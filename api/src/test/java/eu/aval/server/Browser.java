// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Chromium without a window and without the internet, spoken to by the DevTools protocol: one page, what it asks for, and
 * what it complains about.
 */
public final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final Path profile;
    private final HttpClient http;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    private Browser(Process process, Path profile, HttpClient http, URI page) {
        this.process = process;
        this.profile = profile;
        this.http = http;
        this.socket =
                http.newWebSocketBuilder().buildAsync(page, new Listener()).join();
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            call(domain + ".enable", Map.of());
        }
    }

    /** The browser of this machine; empty when it has none. */
    public static Optional<Path> installed() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
                .flatMap(name -> Stream.of(path.split(":")).map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public static Browser start(Path program) throws IOException {
        Path profile = Files.createTempDirectory("aval-browser-");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
                        "--window-size=1400,900",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        try {
            HttpClient http = HttpClient.newHttpClient();
            return new Browser(process, profile, http, page(http, listening(process)));
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static URI listening(Process process) throws IOException {
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread.ofVirtual().start(() -> output.lines().forEach(rest -> {}));
                return URI.create(line.substring(LISTENING.length()));
            }
        }
        throw new IOException("The browser did not start");
    }

    private static URI page(HttpClient http, URI browser) throws IOException {
        URI list = URI.create("http://127.0.0.1:" + browser.getPort() + "/json/list");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                String pages = http.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
                        .body();
                for (JsonNode page : JSON.readTree(pages)) {
                    if (page.path("type").asString().equals("page")) {
                        return URI.create(page.path("webSocketDebuggerUrl").asString());
                    }
                }
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        throw new IOException("The browser has no page");
    }

    public void open(String url) {
        call("Page.navigate", Map.of("url", url));
    }

    /** The value of an expression, as text. */
    public String evaluate(String script) {
        return call("Runtime.evaluate", Map.of("expression", script, "returnByValue", true, "awaitPromise", true))
                .path("result")
                .path("value")
                .asString("");
    }

    /** Waits until an expression is true. */
    public void await(String condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!evaluate("String(Boolean(" + condition + "))").equals("true")) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Never true: " + condition + "; on the page: "
                        + evaluate("document.body.innerText") + "; complaints: " + complaints());
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What the page has asked for, from anybody. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Failed scripts, refused contents, and errors in the console. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** A PNG of what is to be seen. */
    public void screenshot(Path file) throws IOException {
        String data = call("Page.captureScreenshot", Map.of("format", "png"))
                .path("data")
                .asString();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(data));
    }

    private JsonNode call(String method, Map<String, Object> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
                .join();
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void receive(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer =
                    answers.remove(message.path("id").asInt());
            if (answer != null) {
                answer.complete(message.path("result"));
            }
            return;
        }
        JsonNode parameters = message.path("params");
        switch (message.path("method").asString()) {
            case "Network.requestWillBeSent" ->
                requests.add(parameters.path("request").path("url").asString());
            case "Runtime.exceptionThrown" ->
                complaints.add(parameters.path("exceptionDetails").toString());
            case "Log.entryAdded" -> {
                if (parameters.path("entry").path("level").asString().equals("error")) {
                    complaints.add(parameters.path("entry").path("text").asString());
                }
            }
            default -> {
                // of no interest here
            }
        }
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().orTimeout(60, TimeUnit.SECONDS).join());
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
        } catch (IOException | UncheckedIOException stillWritten) {
            // By one of its processes that has left it: it lies with other temporary files
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode message = JSON.readTree(text.toString());
                text.setLength(0);
                receive(message);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
