// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import eu.aval.server.database.PostgresAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL in a container; {@code AVAL_TEST_POSTGRES_IMAGE} names another image. */
record ContainerServer(PostgreSQLContainer container) implements PostgresSetup.Server {

    private static final String IMAGE = "postgres:18-alpine";

    /** Asks the engine itself, within seconds: Testcontainers' own search can hang for minutes. */
    static boolean engineAnswers() {
        boolean insideContainer = Files.exists(Path.of("/.dockerenv"));
        if (insideContainer && System.getenv("TESTCONTAINERS_HOST_OVERRIDE") == null) {
            return false;
        }
        try {
            return CompletableFuture.supplyAsync(ContainerServer::ping).get(2, TimeUnit.SECONDS);
        } catch (Exception e) {
            return false;
        }
    }

    static ContainerServer start() {
        String image = System.getenv().getOrDefault("AVAL_TEST_POSTGRES_IMAGE", IMAGE);
        PostgreSQLContainer container = new PostgreSQLContainer(
                        DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"))
                .withDatabaseName("postgres")
                .withUsername("postgres")
                .withPassword("postgres")
                .withTmpFs(Map.of("/var/lib/postgresql", "rw"))
                .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300")
                .withStartupTimeout(Duration.ofMinutes(2));
        container.start();
        return new ContainerServer(container);
    }

    @Override
    public PostgresAddress superuser() {
        return new PostgresAddress(
                container.getHost(),
                container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                "postgres",
                "postgres",
                "postgres",
                Map.of());
    }

    /** Pausing keeps the mapped port; connections hang as they do when a machine is gone. */
    @Override
    public void stop() {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void restart() {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void discard() {
        container.stop();
    }

    private static boolean ping() {
        String host = System.getenv("DOCKER_HOST");
        try (SocketChannel channel = open(host == null ? "unix:///var/run/docker.sock" : host)) {
            channel.write(
                    ByteBuffer.wrap("GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(64);
            return channel.read(answer) > 0 && new String(answer.array(), StandardCharsets.US_ASCII).contains(" 200 ");
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static SocketChannel open(String host) throws IOException {
        URI uri = URI.create(host);
        if ("unix".equals(uri.getScheme())) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(uri.getPath()));
            return channel;
        }
        return SocketChannel.open(new InetSocketAddress(uri.getHost(), uri.getPort()));
    }
}
