// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

final class SnapshotTests {

    private final Snapshot<String> snapshot = new Snapshot<>("nothing");

    @Test
    void showsWhatWasReadLast() {
        assertThat(snapshot.value()).isEqualTo("nothing");

        Sinks.One<String> first = begin();
        first.tryEmitValue("first");
        assertThat(snapshot.value()).isEqualTo("first");

        Sinks.One<String> second = begin();
        second.tryEmitValue("second");
        assertThat(snapshot.value()).isEqualTo("second");
    }

    @Test
    void doesNotGoBackToWhatAReadThatBeganBeforeFound() {
        Sinks.One<String> before = begin();
        Sinks.One<String> after = begin();

        after.tryEmitValue("after the change");
        before.tryEmitValue("before the change");

        assertThat(snapshot.value()).isEqualTo("after the change");
    }

    @Test
    void staysWhenAReadFails() {
        Sinks.One<String> read = Sinks.one();
        snapshot.read(read.asMono()).onErrorComplete().subscribe();

        read.tryEmitError(new IllegalStateException());

        assertThat(snapshot.value()).isEqualTo("nothing");
    }

    private Sinks.One<String> begin() {
        Sinks.One<String> read = Sinks.one();
        snapshot.read(read.asMono()).subscribe();
        return read;
    }
}
