// SPDX-License-Identifier: Apache-2.0
#include "client-cli/archive/export_manifest.hpp"

namespace oberih::client {

// ON DISK: compared byte for byte.
const std::string_view export_readme =
    R"(AN EXPORT OF AN OBERIH JOURNAL, AND HOW TO CHECK IT

What this is. A copy of the leaves of one journal: all of them, or those of some
channels from their first leaf on, always with the whole directory of agencies,
people, devices and their keys. It proves by itself what was written, by which
device, in which order. No server, no account and no password is needed.

How to check it. Get the program "oberih" from a source that you trust, on a
machine that you trust, and the genesis hash of the journal (64 digits) from the
court or agency concerned, NOT from this export. Then:

    oberih verify THIS-FOLDER-OR-ARCHIVE --genesis 64-DIGITS
    oberih verify THIS-FOLDER-OR-ARCHIVE --genesis 64-DIGITS --html report.html

The program says what is proven, what the server only asserts (above all, times),
and what is not shown. If anything was changed, left out or put in, it says which
leaf, and proves nothing. The clock of your machine does not matter. If the export
has been unpacked, check the folder; if it is one .tar file, check that.

What lies here
    export            what was asked for, and the leaf that records the question
    checkpoint        size and root of the journal, signed by its key; a C2SP note
    leaves/           the leaves: in bundles of 256 (C2SP tlog-tiles), or selected
    leaf_hashes       of a whole journal: the SHA-256 hash of each leaf
    proof             of a selection: that its leaves stand in the tree
    anchors           of a selection: that its time-stamps are over this journal
    names             names of people, each with the hash that its certificate bears
    texts             texts that were disclosed, each with the key of that one only
    manifest.json     a list of the files with their SHA-256, for people
Only the first eight prove anything. The bytes are written down in section 25 of
docs/protocol.md of the program; other programs can read them.

The files tell who met whom, and when. Keep them as you keep a case file.


ВИТЯГ ІЗ ЖУРНАЛУ «ОБЕРІГ» І ЯК ЙОГО ПЕРЕВІРИТИ

Що це. Копія листків одного журналу: усіх або листків окремих каналів від самого
початку кожного, завжди разом з усім довідником установ, людей, пристроїв та їхніх
ключів. Витяг сам доводить, що записано, яким пристроєм і в якому порядку. Не
потрібні ні сервер, ні обліковий запис, ні пароль.

Як перевірити. Візьміть програму "oberih" з джерела, якому довіряєте, на
комп'ютері, якому довіряєте, а хеш генезису журналу (64 знаки) - від відповідного
суду чи установи, а НЕ з цього витягу. Потім:

    oberih --lang uk verify ЦЯ-ТЕКА-ЧИ-АРХІВ --genesis 64-ЗНАКИ
    oberih --lang uk verify ЦЯ-ТЕКА-ЧИ-АРХІВ --genesis 64-ЗНАКИ --html report.html

Програма скаже, що доведено, що лише стверджує сервер (передусім час) і чого не
показано. Якщо щось змінено, пропущено чи додано, вона назве листок і нічого не
вважатиме доведеним. Годинник вашого комп'ютера не має значення. Якщо витяг
розпаковано, перевіряйте теку; якщо це один файл .tar, перевіряйте його.

Що тут лежить
    export            що запитано і котрий листок засвідчує запит
    checkpoint        розмір і корінь журналу, підписані його ключем; нотатка C2SP
    leaves/           листки: у пакетах по 256 (C2SP tlog-tiles) або вибрані
    leaf_hashes       для всього журналу: хеш SHA-256 кожного листка
    proof             для вибірки: що її листки стоять у дереві
    anchors           для вибірки: що її позначки часу стосуються цього журналу
    names             імена людей, кожне з хешем, який стоїть у сертифікаті
    texts             розкриті тексти, кожен із ключем лише до нього самого
    manifest.json     перелік файлів із їхніми SHA-256, для людей
Лише перші вісім щось доводять. Формат описано в розділі 25 файлу docs/protocol.md
програми; його можуть прочитати й інші програми.

Файли показують, хто з ким і коли мав справу. Зберігайте їх як матеріали справи.
)";

}  // namespace oberih::client
