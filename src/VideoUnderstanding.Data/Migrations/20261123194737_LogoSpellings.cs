using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <inheritdoc />
    public partial class LogoSpellings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // A name is found on screen however it is divided: "RED STAR" for Redstar. The statement of Search/Logos/ScreenLineQueries.cs has this expression.
            migrationBuilder.Sql(
                "CREATE INDEX ix_text_segments_spellings ON text_segments USING gin (regexp_replace(text, '[^a-zA-Z0-9]+', '', 'g') gin_trgm_ops) WHERE source = 'screen'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_text_segments_spellings");
        }
    }
}
