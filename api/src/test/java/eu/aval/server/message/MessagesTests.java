// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MessagesTests {

    @Test
    void masksEveryNumberOfAReceiptAndDropsItsText() {
        assertThat(Messages.masked("id:a7 sub:001 dest:33639980012 stat:DELIVRD err:000 text:Bonjour Marie"))
                .isEqualTo("id:a7 sub:001 dest:336******12 stat:DELIVRD err:000 text:");
    }

    @Test
    void masksAJsonReceipt() {
        assertThat(Messages.masked("{\"to\":\"+33639980012\",\"status\":\"ok\",\"text\":\"Bonjour\"}"))
                .isEqualTo("{\"to\":\"+33*******12\",\"status\":\"ok\",\"text\":");
    }
}
