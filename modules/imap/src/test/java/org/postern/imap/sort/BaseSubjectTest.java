package org.postern.imap.sort;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaseSubjectTest {
    @ParameterizedTest
    @DisplayName("RFC 5256 §2.1: what replies and forwards put around a subject is taken off, and noticed")
    @CsvSource(delimiter = '|', textBlock = """
                    Hello                            | Hello        | false
                    '  two   spaces '                | two spaces   | false
                    Re: Hello                        | Hello        | true
                    RE:re: Fwd: FW : Hello           | Hello        | true
                    Re[2]: Hello                     | Hello        | true
                    Re [list] : Hello                | Hello        | true
                    Reply: Hello                     | Reply: Hello | false
                    Re Hello                         | Re Hello     | false
                    [list] Hello                     | Hello        | false
                    [list] [other] Re: Hello         | Hello        | true
                    [list]                           | [list]       | false
                    Re: [list]                       | [list]       | true
                    [a[b] Hello                      | [a[b] Hello  | false
                    Hello (fwd)                      | Hello        | true
                    Hello (FWD) (fwd)                | Hello        | true
                    (fwd)                            | ''           | true
                    [Fwd: Hello]                     | Hello        | true
                    [fwd: Re: [list] Hello (fwd)]    | Hello        | true
                    Re: [fwd: Hello] x               | x            | true
                    =?utf-8?Q?Re=3A_Gr=C3=BC=C3=9Fe?= | Grüße       | true
                    ''                               | ''           | false
                    Re:                              | ''           | true
                    """)
    void baseSubjects(String subject, String base, boolean reply) {
        assertThat(BaseSubject.of(subject)).isEqualTo(new BaseSubject(base, reply));
    }
}
