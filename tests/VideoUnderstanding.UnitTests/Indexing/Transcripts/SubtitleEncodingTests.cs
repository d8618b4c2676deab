using System.Text;
using VideoUnderstanding.Indexing.Transcripts;

namespace VideoUnderstanding.UnitTests.Indexing.Transcripts;

public sealed class SubtitleEncodingTests
{
    static SubtitleEncodingTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("utf-8", "Café")]
    [InlineData("utf-16", "Café – 天気")]
    [InlineData("utf-16BE", "Café – 天気")]
    [InlineData("utf-32", "Café – 天気")]
    [InlineData("utf-32BE", "Café – 天気")]
    [InlineData("iso-8859-1", "Das Büro schließt um fünf")]
    [InlineData("windows-1252", "Café")]
    [InlineData("windows-1252", "Don’t touch the café’s “special” menu – it’s 5 €")]
    [InlineData("windows-1252", "The Œuvre of Žižek")]
    [InlineData("windows-1252", "Où est passé le garçon ? Il a mangé à l’hôtel.")]
    [InlineData("windows-1252", "El niño comió mañana, ¿verdad? ¡Sí!")]
    [InlineData("windows-1252", "Jeg går på gaden, værsgo. Smørrebrød")]
    [InlineData("windows-1250", "Zażółć gęślą jaźń. Dzień dobry, proszę bardzo.")]
    [InlineData("windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy")]
    [InlineData("windows-1251", "Привет, как дела? Буксир уходит от причала.")]
    [InlineData("koi8-r", "Привет, как дела? Буксир уходит от причала.")]
    [InlineData("windows-1253", "Καλημέρα, τι κάνεις; Ο δρόμος είναι μακρύς.")]
    [InlineData("windows-1254", "Günaydın, nasılsınız? Şimdi çok güzel bir gün, ışık")]
    [InlineData("windows-1255", "שלום מה שלומך היום")]
    [InlineData("windows-1256", "مرحبا كيف حالك اليوم")]
    [InlineData("windows-874", "ยินดีต้อนรับ")]
    [InlineData("shift_jis", "今日はいい天気ですね。学校へ行きます。")]
    [InlineData("shift_jis", "天気です")]
    [InlineData("euc-jp", "今日はいい天気ですね。学校へ行きます。")]
    [InlineData("gb18030", "人人生而自由，在尊严和权利上一律平等")]
    [InlineData("gb18030", "今天天气很好，我们去公园吧。")]
    [InlineData("gb18030", "你好")]
    [InlineData("big5", "人人生而自由，在尊嚴和權利上一律平等")]
    [InlineData("euc-kr", "안녕하세요. 만나서 반갑습니다.")]
    public async Task Letters_are_read_from_every_common_encoding(string name, string text)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes($"1\r\n00:00:01,000 --> 00:00:02,000\r\n{text}\r\n")];
        var file = await SubtitleParser.ReadAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken);
        Assert.Equal(text, Assert.Single(file.Cues).Text);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task UTF_16_is_detected_without_a_byte_order_mark(string name)
    {
        var bytes = Encoding.GetEncoding(name).GetBytes("WEBVTT\n\n00:01.000 --> 00:02.000\nCafé 天気\n");
        var file = await SubtitleParser.ReadAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken);
        Assert.Equal("Café 天気", Assert.Single(file.Cues).Text);
    }

    [Fact]
    public async Task English_text_with_a_few_foreign_letters_is_read_as_Windows_1252()
    {
        var text = string.Concat(Enumerable.Range(1, 60).Select(number
            => $"{number}\n00:00:{number - 1:00},000 --> 00:00:{number - 1:00},900\n"
                + $"“It’s the {(number % 20 == 0 ? "œuvre" : "work")} of a man – who isn’t here”\n\n"));
        Encoding encoding = Encoding.GetEncoding(1252);
        var file = await SubtitleParser.ReadAsync(new MemoryStream(encoding.GetBytes(text)), TestContext.Current.CancellationToken);
        Assert.Equal("“It’s the œuvre of a man – who isn’t here”", file.Cues[19].Text);
    }
}
