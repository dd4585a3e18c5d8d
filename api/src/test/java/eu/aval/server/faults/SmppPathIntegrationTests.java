// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a request over the bundled SMPP carrier to an SMSC, and back by receipts and answers. */
final class SmppPathIntegrationTests {

    private static final Map<String, String> PASSWORD = Map.of("SMSC_PASSWORD", "secret");
    private static final String RECIPIENT = "+33612345678";

    private final FreshDatabase database = PostgresSetup.freshDatabase();

    @TempDir
    Path data;

    private CountingSmsc smsc;
    private ServerProcess server;
    private String key;

    @BeforeEach
    void start() throws Exception {
        smsc = new CountingSmsc(1);
        server = ServerProcess.start(database, data, PASSWORD);
        smsc.take(server, database);
        key = server.demo("AVAL_API_KEY");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        smsc.close();
        database.close();
    }

    @Test
    void bringsReceiptsAndMessagesBack() throws Exception {
        // One part
        UUID single = sent("Hello", 1);
        smsc.receipt(smsc.ids().getLast(), "DELIVRD");
        awaitStatus(single, "DELIVERED");

        // Two parts, each with a receipt of its own
        UUID multipart = sent("0123456789".repeat(20), 2);
        String first = smsc.ids().get(smsc.ids().size() - 2);
        smsc.receipt(smsc.ids().getLast(), "DELIVRD");
        awaitStatus(multipart, "ENROUTE");
        smsc.receipt(first, "DELIVRD");
        awaitStatus(multipart, "DELIVERED");

        // A receipt that overtakes the answer to the submit
        smsc.reportsFirst();
        UUID overtaken = sent("Overtaken", 1);
        awaitStatus(overtaken, "DELIVERED");
        smsc.reportsLater();

        // A receipt that comes after a restart
        UUID late = sent("Late", 1);
        String id = smsc.ids().getLast();
        server.close();
        server = ServerProcess.start(database, data, PASSWORD);
        smsc.awaitBind();
        smsc.receipt(id, "UNDELIV");
        awaitStatus(late, "UNDELIVERED");
        assertThat(database.value("select failure_class from aval.message where id = ?", late))
                .isNotNull();

        // What a person writes, to a number of the tenant
        database.execute(
                "insert into aval.sender (id, tenant_id, value, kind) select gen_random_uuid(), id, '36180', 'SHORT_CODE'"
                        + " from aval.tenant");
        smsc.inbound(RECIPIENT.substring(1), "36180", "Bonjour");
        ServerProcess.await(
                "the inbound message", () -> database.number("select count(*) from aval.inbound_message") == 1);

        assertThat(smsc.seen().values()).containsOnly(1);
        assertThat(server.log()).doesNotContain(RECIPIENT.substring(1), "Bonjour", " ERROR ");
    }

    private UUID sent(String text, int parts) throws IOException {
        int before = smsc.ids().size();
        UUID id = server.send(key, RECIPIENT, text);
        ServerProcess.await("the submit", () -> smsc.ids().size() == before + parts);
        ServerProcess.await(
                "the answer to the submit",
                () -> database.number("select count(*) from aval.submitted_part where message_id = ?", id) == parts);
        return id;
    }

    private void awaitStatus(UUID id, String status) {
        ServerProcess.await(
                status, () -> status.equals(database.value("select status from aval.message where id = ?", id)));
    }
}
