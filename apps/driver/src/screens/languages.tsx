import { CATALOGUES, LANGUAGES } from "../languages/language.ts";
import { useAppContext } from "./context.ts";
import { BackAction, Frame } from "./frame.tsx";
import { Icon } from "./icons.tsx";

/** Each language by its own name, for people who cannot read the present one. */
export function Languages() {
  const { phone, router, words } = useAppContext();
  return (
    <Frame name="languages" title={words.language} dock={<BackAction />}>
      <ul class="plain-list">
        {LANGUAGES.map((language) => (
          <li key={language}>
            <button
              type="button"
              class="action action-plain"
              lang={language}
              dir={CATALOGUES[language].dir}
              aria-pressed={phone.language.value === language}
              onClick={() => {
                phone.language.value = language;
                router.back();
              }}
            >
              {phone.language.value === language && <Icon name="check" />}
              <span>{CATALOGUES[language].self}</span>
            </button>
          </li>
        ))}
      </ul>
    </Frame>
  );
}
