using Microsoft.Extensions.Options;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.UnitTests.Search.Logos;

public sealed class BrandTests
{
    private static readonly Brand[] Brands =
        [new("Coca-Cola", ["Coca-Cola", "Coke"]), Brand.Of("Nike"), Brand.Of("McDonald's"), Brand.Of("Škoda"), Brand.Of("AT&T"),
            Brand.Of("Acme Shipping"), Brand.Of("Acme")];

    [Theory]
    [InlineData("Drink COCA COLA today", "Coca-Cola")]
    [InlineData("CocaCola", "Coca-Cola")]
    [InlineData("a can of coke", "Coca-Cola")]
    [InlineData("NIKE!", "Nike")]
    [InlineData("mcdonalds drive-in", "McDonald's")]
    [InlineData("at&t", "AT&T")]
    [InlineData("ACME SHIPPING LTD", "Acme|Acme Shipping")]
    [InlineData("Nike and Škoda", "Nike|Škoda")]
    [InlineData("NIKERS", "")]
    [InlineData("coca", "")]
    [InlineData("shipping acme", "Acme")]
    [InlineData("", "")]
    public void Names_are_read_as_whole_words(string line, string found)
        => Assert.Equal(found, string.Join('|', new BrandReader(Brands).Find(line).Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("nike", "Nike", FixedScores.Exact)]
    [InlineData("the Nike logo", "Nike", FixedScores.Exact)]
    [InlineData("a man in front of a Coca Cola sign", "Coca-Cola", FixedScores.Exact)]
    [InlineData("coke", "Coca-Cola", FixedScores.Exact)]
    [InlineData("shipping", "Acme Shipping", FixedScores.Exact)]
    [InlineData("acme", "Acme|Acme Shipping", FixedScores.Exact)]
    [InlineData("mcdonald", "McDonald's", FixedScores.Loose)]
    [InlineData("a red tug", "", 0)]
    [InlineData("?!", "", 0)]
    public void A_text_selects_the_brands_that_it_names(string text, string names, double score)
    {
        var selected = BrandQuery.Of(text, Brands);
        Assert.Equal(names, string.Join('|', selected.Keys.Order(StringComparer.Ordinal)));
        Assert.All(selected.Values, maxFragments => Assert.Equal(score, maxFragments));
    }

    [Theory]
    [InlineData("an open door")]
    [InlineData("a person on a bike")]
    [InlineData("singing a song")]
    [InlineData("a disco")]
    [InlineData("a store opens")]
    [InlineData("song")]
    [InlineData("a human being")]
    [InlineData("a boring talk")]
    [InlineData("a television channel")]
    [InlineData("a blueberry cake")]
    public void Ordinary_words_select_no_brand(string text)
        => Assert.Empty(BrandQuery.Of(text, new BrandList(Options.Create(new LogoSearchOptions())).All));

    [Theory]
    [InlineData("vollvo", "Volvo")]
    [InlineData("the logo of Toyotta", "Toyota")]
    [InlineData("Coca Colla", "Coca-Cola")]
    [InlineData("cocacolla bottles on a table", "Coca-Cola")]
    [InlineData("people at a mcdonald drive-in", "McDonald's")]
    public void A_longer_name_may_have_a_wrong_letter(string text, string name)
        => Assert.Equal([(name, FixedScores.Loose)],
            BrandQuery.Of(text, new BrandList(Options.Create(new LogoSearchOptions())).All).Select(brand => (brand.Key, brand.Value)));

    [Theory]
    [InlineData("Redstar", "redstar")]
    [InlineData("Coca-Cola", "cocacola")]
    [InlineData("McDonald's", "mcdonalds")]
    [InlineData("Citroën", "citroën")]
    [InlineData("AT&T", "att")]
    [InlineData("株式会社", "株式会社")]
    public void Every_line_with_a_name_contains_its_letters(string name, string letters)
        => Assert.Equal(letters, ScreenLineQueries.LettersOf(name));

    [Fact]
    public void Merging_video_by_video_equals_merging_all_at_once()
    {
        var random = new Random(3);
        LogoDetection[] detections = [.. from video in Enumerable.Range(0, 30) from _ in Enumerable.Range(0, 8)
            let start = random.NextDouble() * 40
            select new LogoDetection($"v{video}", random.Next(2) == 0 ? "Nike" : "Volvo", start, start + random.NextDouble() * 3,
                73 + random.NextDouble() * 19)];
        var (all, best) = (new LogoDetectionMerger(2, int.MaxValue), new LogoDetectionMerger(2, 10));
        foreach (var detection in detections)
        {
            all.Add(detection);
            best.Add(detection);
        }
        var expected = LogoDetections.Merge(detections, 2);
        Assert.Equal(expected.OrderBy(found => found.VideoId).ThenBy(found => found.Start).ThenBy(found => found.Text),
            all.End().OrderBy(found => found.VideoId).ThenBy(found => found.Start).ThenBy(found => found.Text));
        Assert.Equal(expected.Select(found => found.Score).OrderDescending().Take(10),
            best.End().Select(found => found.Score).OrderDescending());
        Assert.True(best.IsFull);
    }

    [Fact]
    public void A_text_with_only_the_word_logo_selects_all_brands()
        => Assert.Equal(Brands.Length, BrandQuery.Of("any brand logo", Brands).Count);

    [Fact]
    public void The_built_in_list_is_valid_and_has_no_ordinary_words()
    {
        var all = new BrandList(Options.Create(new LogoSearchOptions())).All;
        Assert.InRange(all.Count, 100, 500);
        Assert.All(all, brand => Assert.Equal(brand.Name, brand.Name.Trim()));
        Assert.Contains(all, brand => brand.Name == "Volvo");
        Assert.Contains(all, brand => brand.Spellings.Contains("Citroen"));
        var reader = new BrandReader(all);
        Assert.Empty(
            reader.Find("The orange shell in the gap was a target for a dove; an apple and a visa lay in the subway, hm, at the canon of "
                + "the ford."));
    }

    [Fact]
    public void A_custom_list_replaces_the_built_in_one()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "# mine\n\nBerth Four | B4\nNike\nnike\n");
            var all = new BrandList(Options.Create(new LogoSearchOptions { BrandWordsFile = file })).All;
            Assert.Equal(["Berth Four", "Nike"], all.Select(brand => brand.Name));
            Assert.Equal(["Berth Four"], new BrandReader(all).Find("PIER B4"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_missing_list_stops_the_server()
    {
        var wrong = new LogoSearchOptionsValidator().Validate(null, new LogoSearchOptions { BrandWordsFile = "/no/such/list" });
        Assert.Contains("/no/such/list", wrong.FailureMessage, StringComparison.Ordinal);
        Assert.True(new LogoSearchOptionsValidator().Validate(null, new LogoSearchOptions()).Succeeded);
    }

    [Fact]
    public void Brands_of_the_gallery_come_first_with_the_known_spellings()
    {
        var brands = new BrandList(Options.Create(new LogoSearchOptions())).With(["coca cola", "My Own"]);
        Assert.Equal(["coca cola", "My Own"], brands.Take(2).Select(brand => brand.Name));
        Assert.DoesNotContain(brands, brand => brand.Name == "Coca-Cola");
        Assert.Equal(["coca cola"], new BrandReader(brands).Find("COKE"));
    }

    [Fact]
    public void Close_detections_are_joined_in_whole_seconds_with_the_best_score()
    {
        LogoDetection[] detections =
        [
            new("v", "Nike", 10.2, 11.5, 80), new("v", "Nike", 13, 14, 92), new("v", "Nike", 30, 30, 75), new("v", "Volvo", 11, 12, 70),
            new("w", "Nike", 12, 13, 70),
        ];
        var merged = LogoDetections.Merge(detections, maxGap: 2);
        Assert.Equal([("v", "Nike", 10.0, 14.0, 92.0), ("v", "Nike", 30, 31, 75), ("v", "Volvo", 11, 12, 70), ("w", "Nike", 12, 13, 70)],
            merged.Select(found => (found.VideoId, found.Text!, found.Start, found.End, found.Score)));
        Assert.All(merged, found => Assert.Equal("logo", found.Option));
    }

    [Theory]
    [InlineData(0.9, 73)]
    [InlineData(0.95, 82.64)]
    [InlineData(1, 92.28)]
    [InlineData(1.0001, 92.28)]
    public void A_similarity_is_scored_by_its_distance_from_the_minimum(double cosine, double score)
        => Assert.Equal(score, LogoDetections.ScoreOf(cosine, 0.9), 2);
}
