// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.store;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.contact.SealedPerson;
import eu.aval.server.contact.Subjects;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.test.StepVerifier;

@PlatformTest
final class InboundHolderIntegrationTests {

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private KeyedDatabase keyed;

    @Autowired
    private Subjects subjects;

    @Autowired
    private InboundHolder holder;

    private final UUID account = UUID.randomUUID();
    private TenantId tenant;
    private SealedPerson person;

    @BeforeEach
    void hearFromTwoPeople() {
        tenant = rest.tenant();
        person = SealedPerson.of(keyed, subjects, tenant, "+33639980201");
        hear(person, "STOP");
        hear(SealedPerson.of(keyed, subjects, tenant, "+33639980202"), "Merci");
    }

    @Test
    void exportsWhatSomebodyWrote() {
        StepVerifier.create(holder.export(tenant, person.id(), PlaintextAccess.forDataSubjectExport()))
                .assertNext(row -> assertThat(row)
                        .containsEntry("text", "STOP")
                        .containsEntry("recipient", "36063")
                        .containsKey("receivedAt"))
                .verifyComplete();
    }

    @Test
    void erasesWhatSomebodyWrote() {
        StepVerifier.create(holder.erase(tenant, person.id())).expectNext(1L).verifyComplete();
        StepVerifier.create(holder.erase(tenant, person.id())).expectNext(0L).verifyComplete();

        assertThat(database.number("select count(*) from aval.inbound_message where tenant_id = ?", tenant.value()))
                .isOne();
    }

    @Test
    void findsNobodyInAnotherTenant() {
        TenantId stranger = rest.tenant();

        StepVerifier.create(holder.export(stranger, person.id(), PlaintextAccess.forDataSubjectExport()))
                .verifyComplete();
        StepVerifier.create(holder.erase(stranger, person.id())).expectNext(0L).verifyComplete();
    }

    private void hear(SealedPerson from, String text) {
        UUID id = TimeOrderedId.next();
        database.execute(
                """
                insert into aval.inbound_message (id, tenant_id, carrier_account_id, carrier_message_id, subject_id,
                  recipient, text_sealed, complete, received_at) values (?, ?, ?, ?, ?, '36063', ?, true, now())""",
                id,
                tenant.value(),
                account,
                id.toString(),
                from.id(),
                from.seal(text, "inbound_message", "text_sealed", id));
    }
}
