// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import static eu.aval.carrier.smpp.Accounts.await;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.submit.SubmitOutcome.Accepted;
import eu.aval.tck.TestingCarrierContext;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsIntegrationTests {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path directory;

    private final TestingCarrierContext context = new TestingCarrierContext("tls");

    @Test
    void bindsToAPeerWhoseCertificateIsTrusted() throws Exception {
        KeyStore server = keyStore("server", "dns:localhost");
        Path trust = certificate(server, "server");

        try (FakeSmsc smsc = FakeSmsc.start(serverSide(server).build())) {
            Carrier carrier = Accounts.bound(context, smsc.port(), "tls", "true", "tls-trust", trust.toString());

            assertThat(Accounts.submit(carrier, "Hello")).isInstanceOf(Accepted.class);

            Accounts.close(carrier);
        }
    }

    @Test
    void refusesAnotherHostsCertificate() throws Exception {
        KeyStore server = keyStore("server", "dns:smsc.example");
        Path trust = certificate(server, "server");

        try (FakeSmsc smsc = FakeSmsc.start(serverSide(server).build())) {
            Carrier carrier = Accounts.open(context, smsc.port(), "tls", "true", "tls-trust", trust.toString());
            await(() -> Accounts.health(carrier).detail().contains("TLS failed"));
            assertThat(Accounts.health(carrier).detail()).contains("localhost");
            assertThat(smsc.count(Command.BIND_TRANSCEIVER)).isZero();
            Accounts.close(carrier);

            Carrier named = Accounts.bound(
                    context, smsc.port(), "tls", "true", "tls-trust", trust.toString(), "tls-name", "smsc.example");
            assertThat(Accounts.status(named)).isEqualTo(CarrierHealth.Status.UP);
            Accounts.close(named);
        }
    }

    @Test
    void refusesACertificateThatNobodyTrusts() throws Exception {
        KeyStore server = keyStore("server", "dns:localhost");

        try (FakeSmsc smsc = FakeSmsc.start(serverSide(server).build())) {
            Carrier carrier = Accounts.open(context, smsc.port(), "tls", "true");

            await(() -> Accounts.health(carrier).detail().contains("TLS failed"));

            assertThat(Accounts.health(carrier).detail()).contains("unable to find valid certification path");
            assertThat(Accounts.status(carrier)).isEqualTo(CarrierHealth.Status.DOWN);
            Accounts.close(carrier);
        }
    }

    @Test
    void showsItsOwnCertificate() throws Exception {
        KeyStore server = keyStore("server", "dns:localhost");
        KeyStore client = keyStore("client", "dns:client.example");
        Path key = directory.resolve("client.key");
        pem(key, "PRIVATE KEY", client.getKey("client", PASSWORD).getEncoded());
        Path trust = certificate(server, "server");
        Path certificate = certificate(client, "client");

        try (FakeSmsc smsc = FakeSmsc.start(serverSide(server)
                .trustManager(certificate.toFile())
                .clientAuth(ClientAuth.REQUIRE)
                .build())) {
            Carrier carrier = Accounts.bound(
                    context,
                    smsc.port(),
                    "tls",
                    "true",
                    "tls-trust",
                    trust.toString(),
                    "tls-certificate",
                    certificate.toString(),
                    "tls-key",
                    key.toString());

            assertThat(Accounts.submit(carrier, "Hello")).isInstanceOf(Accepted.class);

            Accounts.close(carrier);
        }
    }

    @Test
    void namesTheSettingWhoseFileIsMissing() {
        Carrier carrier = Accounts.open(context, 1, "tls", "true", "tls-trust", directory + "/missing.pem");

        await(() -> Accounts.health(carrier).detail().contains("tls-trust"));

        Accounts.close(carrier);
    }

    private static SslContextBuilder serverSide(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        return SslContextBuilder.forServer(keys);
    }

    private KeyStore keyStore(String alias, String name) throws Exception {
        Path file = directory.resolve(alias + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        alias,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + alias,
                        "-ext",
                        "san=" + name,
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-validity",
                        "2")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private Path certificate(KeyStore store, String alias) throws Exception {
        Path file = directory.resolve(alias + ".pem");
        pem(file, "CERTIFICATE", store.getCertificate(alias).getEncoded());
        return file;
    }

    private static void pem(Path file, String kind, byte[] content) throws IOException {
        String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + encoded + "\n-----END " + kind + "-----\n");
    }
}
