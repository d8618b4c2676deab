using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class TextSegmentConfiguration : IEntityTypeConfiguration<TextSegment>
{
    public void Configure(EntityTypeBuilder<TextSegment> segment)
    {
        // The database compares words, so their number is bounded: a comparison inside a row cannot be interrupted.
        segment.ToTable("text_segments", table => table.HasCheckConstraint("ck_text_segments_words",
            $"char_length(words) <= {Words.PlainWords.MaxColumnLength}"));
        segment.Property(row => row.Source).HasConversion(LowerCase.Of<TextSource>());
        // The length follows once the model is known: VectorColumns. Vector indexes are on the tables of large indexes only.
        segment.Property(row => row.Embedding).HasColumnType("halfvec");
        segment.HasIndex(row => new { row.IndexId, row.Source, row.VideoId });
        // Which languages an index has.
        segment.HasIndex(row => new { row.IndexId, row.Language });
        segment.HasIndex(row => new { row.VideoId, row.Source, row.Number });
        // Migrations write what is on expressions: words in any form are found by ix_text_segments_stems, parts of words by
        // ix_text_segments_letters, and names of brands by ix_text_segments_spellings.
        segment.HasIndex(row => row.Id).HasFilter("words IS NULL").HasDatabaseName("ix_text_segments_without_words");
    }
}
